import { open, rename, rm } from "node:fs/promises";
import { messageOf, StepError } from "./errors.js";

/** A file that could not be written, in words: which, what the system says, and how to go on. */
export function writeFailure(what: string, path: string, cause: unknown, goOn: string): StepError {
  const isFull = /^(ENOSPC|EDQUOT|EFBIG)$/.test(String((cause as NodeJS.ErrnoException | undefined)?.code));
  const hint = `${isFull ? "Make room on that disk" : "See to it that the file can be written"}, and ${goOn}.`;
  return new StepError({ tried: `write ${what} to ${path}`, got: messageOf(cause), hint, cause });
}

/**
 * Replaces a file in one step: whoever looks, or is killed meanwhile, finds the old one or all of the new one.
 *
 * @param content text, or pieces of it, which are written as they are made
 * @param partial where the new one is written first, in the same folder
 * @throws what the system says; the old file is there as before, and nothing of the new one
 */
export async function writeWhole(
  path: string,
  content: string | Iterable<string>,
  partial: string = `${path}.${process.pid}.part`,
): Promise<void> {
  try {
    const file = await open(partial, "w");
    try {
      for (const piece of typeof content === "string" ? [content] : content) await file.appendFile(piece);
      await file.datasync();
    } finally {
      await file.close();
    }
    await rename(partial, path);
  } catch (error) {
    // Where even that fails, the first failure is the one to tell.
    await rm(partial, { force: true }).catch(() => undefined);
    throw error;
  }
}
