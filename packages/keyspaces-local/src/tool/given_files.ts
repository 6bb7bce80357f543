import { accessSync, constants, existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { UsageError } from "./usage_error.js";

/** What a file that somebody has named holds. @throws UsageError on one line */
export function readJsonOf(flag: string, file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    // The parser's own words may quote lines of the file.
    const reason = (error as Error).message.replace(/\s+/g, " ");
    throw new UsageError(`Expected \`${flag}\` to be a file of JSON, got ${JSON.stringify(file)}: ${reason}`, {
      cause: error,
    });
  }
}

/** Level by level: in one go, one on a filesystem that knows of no folder to be made, as /proc, is tried for ever. */
function makeLevels(folder: string, mode: number | undefined): void {
  const missing: string[] = [];
  for (let level = folder; !existsSync(level); level = dirname(level)) missing.unshift(level);
  for (const level of missing) {
    try {
      mkdirSync(level, { mode });
    } catch (error) {
      // Another one that begins now may have made it.
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
  }
}

/** Makes a folder that somebody has named, where it is missing. @throws UsageError where files cannot be written in it */
export function makeFolderOf(flag: string, folder: string, mode?: number): void {
  try {
    makeLevels(folder, mode);
    // With the dot it is a folder, or an error.
    accessSync(`${folder}/.`, constants.W_OK | constants.X_OK);
  } catch (error) {
    const reason = (error as Error).message;
    throw new UsageError(
      `Expected \`${flag}\` to be a folder that can be made and written, got ${JSON.stringify(folder)}: ${reason}`,
      { cause: error },
    );
  }
}
