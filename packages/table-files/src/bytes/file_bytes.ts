import { createReadStream } from "node:fs";
import { basename } from "node:path";
import { pipeline, type Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { messageOf, StepError } from "@keyspaces-segmentation/common";

/** How the bytes of a file are read. */
export interface ByteReading {
  /** Whether the file is compressed with gzip; the bytes that come are those unpacked. */
  gzip: boolean;
  /** Told how many bytes of the file were read, compressed where it is, since it was told last. */
  onBytes?: ((count: number) => void) | undefined;
  signal?: AbortSignal | undefined;
}

/**
 * Records of a larger piece, all in use at once, cost the garbage collector as much time as it takes to split them; with smaller ones a load
 * that looks each piece's rows up in its table stands still more often.
 */
const PIECE = 64 * 1024;

/**
 * The bytes of a file from its beginning, unpacked where it is gzip; of several members after one another, as `cat` and loggers make them, all.
 *
 * @throws StepError where it cannot be read, or the gzip ends early or is damaged; the signal's reason when aborted
 */
export async function* openBytes(path: string, { gzip, onBytes, signal }: ByteReading): AsyncGenerator<Uint8Array> {
  signal?.throwIfAborted();
  const file = createReadStream(path, { highWaterMark: PIECE });
  // Counted where it is read: the pipeline below takes the pieces.
  file.on("data", (piece) => onBytes?.(piece.length));
  file.pause();
  // The iteration below is told of every failure too.
  const bytes: Readable = gzip ? pipeline(file, createGunzip({ chunkSize: PIECE }), () => {}) : file;
  try {
    for await (const piece of bytes) {
      signal?.throwIfAborted();
      yield piece as Uint8Array;
    }
  } catch (cause) {
    if (signal?.aborted) throw cause;
    throw gzip ? gzipFailure(path, cause) : readFailure(path, cause);
  } finally {
    file.destroy();
  }
}

/** The bytes of a file cannot be had, or not all of them, which says nothing of those that came: another attempt may get them. */
export class UnreadableError extends StepError {}

/** A file that the system does not let one read. */
export function readFailure(path: string, cause: unknown): UnreadableError {
  const hint = "See to it that the file is there and may be read.";
  return new UnreadableError({ tried: `read ${basename(path)}`, got: messageOf(cause), hint, cause });
}

/** Whether what is packed ends before its end. */
export const isCut = (cause: unknown): boolean => codeOf(cause) === "Z_BUF_ERROR";

/** Whether it is the system that does not let one read. */
export const isOfSystem = (cause: unknown): boolean =>
  typeof (cause as NodeJS.ErrnoException | undefined)?.syscall === "string";

const codeOf = (cause: unknown): string => String((cause as NodeJS.ErrnoException | undefined)?.code);

function gzipFailure(path: string, cause: unknown): StepError {
  if (!/^Z_|^ERR_.*ZLIB/.test(codeOf(cause))) return readFailure(path, cause);
  const failure = {
    tried: `unpack ${basename(path)}`,
    hint: "Download or copy the file again; `gzip -t` checks it.",
    cause,
  };
  if (isCut(cause)) return new UnreadableError({ ...failure, got: "the gzip file ends in the middle of its data" });
  // What came before it may be wrong, too.
  return new StepError({ ...failure, got: `the gzip file is damaged (${messageOf(cause)})` });
}
