import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { PRIVATE_FILE } from "@keyspaces-segmentation/local-support";

/** What a file of JSON holds; undefined where there is none. */
export function readJson(file: string): unknown {
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : undefined;
}

/** Writes a file that only its user can read, whole or not at all. */
export function writePrivate(file: string, text: string): void {
  const partial = `${file}.partial`;
  writeFileSync(partial, text, { mode: PRIVATE_FILE });
  renameSync(partial, file);
}
