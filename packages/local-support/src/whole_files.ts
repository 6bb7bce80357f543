import { renameSync, rmSync, writeFileSync } from "node:fs";

/** A file to be written. */
export interface Content {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/**
 * Writes files that belong together, in folders that are there: all or none, as far as the disk has room for them, and each in one step.
 *
 * @throws what the system says; then every file is as it was before
 */
export function writeTogether(files: readonly Content[]): void {
  const partial = (path: string): string => `${path}.${process.pid}.part`;
  try {
    for (const { path, bytes } of files) writeFileSync(partial(path), bytes, { flush: true });
    for (const { path } of files) renameSync(partial(path), path);
  } catch (error) {
    for (const { path } of files) {
      try {
        rmSync(partial(path), { force: true });
      } catch {
        // The first failure is the one to tell.
      }
    }
    throw error;
  }
}
