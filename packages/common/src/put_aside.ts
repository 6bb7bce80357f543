import { randomUUID } from "node:crypto";
import { closeSync, openSync, readSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { messageOf, StepError } from "./errors.js";
import { writeFailure } from "./whole_file.js";

/** Bytes that are put aside on the disk, one piece behind the other. */
export interface PutAside {
  /** Puts bytes behind those that are there. @throws StepError where the disk does not take them */
  append(bytes: Uint8Array): void;
  /** Fills `into` with the bytes from `at` on. @throws StepError where they cannot be read */
  read(at: number, into: Uint8Array): void;
  close(): void;
}

/** Only its user may read it. */
const PRIVATE = 0o600;

/**
 * Puts bytes into a file of the folder for temporary files, made with the first of them, that nobody else sees and that goes with the
 * process, however it ends. Synchronous: for those who put aside much, seldom.
 *
 * @param what they are, for error texts
 * @param folder default: the system's, which TMPDIR names
 */
export function putAside(what: string, folder: string = tmpdir()): PutAside {
  const path = join(folder, `aside-${process.pid}-${randomUUID()}`);
  let file: number | null = null;
  let length = 0;
  let closed = false;
  const opened = (): number => {
    if (closed) throw new Error("it is closed");
    if (file !== null) return file;
    file = openSync(path, "wx+", PRIVATE);
    // It has a name no longer, and is there until it is closed.
    rmSync(path, { force: true });
    return file;
  };
  return {
    append(bytes) {
      try {
        for (let done = 0; done < bytes.length; ) {
          done += writeSync(opened(), bytes, done, bytes.length - done, length + done);
        }
      } catch (error) {
        throw writeFailure(what, path, error, "run it again, or name another folder in TMPDIR");
      }
      length += bytes.length;
    },
    read(at, into) {
      let done = 0;
      try {
        while (done < into.length) {
          const read = readSync(opened(), into, done, into.length - done, at + done);
          if (read === 0) throw new RangeError(`it ends after ${length} bytes`);
          done += read;
        }
      } catch (cause) {
        throw new StepError({ tried: `read ${what} in ${path}`, got: messageOf(cause), cause });
      }
    },
    close() {
      if (file !== null) closeSync(file);
      file = null;
      closed = true;
    },
  };
}
