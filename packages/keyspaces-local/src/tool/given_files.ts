import { accessSync, constants, mkdirSync, readFileSync } from "node:fs";
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

/** Makes a folder that somebody has named, where it is missing. @throws UsageError where files cannot be written in it */
export function makeFolderOf(flag: string, folder: string, mode?: number): void {
  try {
    mkdirSync(folder, { recursive: true, mode });
    accessSync(folder, constants.W_OK | constants.X_OK);
  } catch (error) {
    const reason = (error as Error).message;
    throw new UsageError(
      `Expected \`${flag}\` to be a folder that can be made and written, got ${JSON.stringify(folder)}: ${reason}`,
      { cause: error },
    );
  }
}
