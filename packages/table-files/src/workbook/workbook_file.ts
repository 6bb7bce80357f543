import { basename } from "node:path";
import { pipeline, type Readable } from "node:stream";
import { StringDecoder } from "node:string_decoder";
import { createInflateRaw } from "node:zlib";
import { messageOf, StepError, type StepFailure } from "@keyspaces-segmentation/common";
import { type Entry, openPromise, type ZipFile } from "yauzl";
import { isCut, isOfSystem, readFailure, UnreadableError } from "../bytes/file_bytes.js";
import { XmlError, type XmlHandler, XmlScanner } from "./xml_scanner.js";

/** Most parts that a workbook may have; the table of contents of a zip is kept in memory. */
const MOST_PARTS = 20_000;
/** A part that is larger than this, and than so many times what it takes in the file, was made to fill memory or time. */
const LARGE_PART = 256 * 2 ** 20;
const MOST_TIMES = 200;
/** Methods of a zip. */
const STORED = 0;
const DEFLATED = 8;
const PIECE = 128 * 1024;

/** How a part is read. */
export interface PartReading {
  signal?: AbortSignal | undefined;
  /** Told how many bytes of the file were read since it was told last. */
  onBytes?: ((count: number) => void) | undefined;
}

/** The parts of a workbook: the files in the zip that it is. Names are compared without regard to case, as its format says. */
export class WorkbookFile {
  readonly path: string;
  readonly #zip: ZipFile;
  readonly #parts: ReadonlyMap<string, Entry>;

  private constructor(path: string, zip: ZipFile, parts: ReadonlyMap<string, Entry>) {
    this.path = path;
    this.#zip = zip;
    this.#parts = parts;
  }

  /** @throws StepError where the file is no zip, or a damaged one */
  static async open(path: string): Promise<WorkbookFile> {
    let zip: ZipFile | undefined;
    try {
      zip = await openPromise(path, { autoClose: false });
      const parts = new Map<string, Entry>();
      if (zip.entryCount > MOST_PARTS) throw new Error(`it has ${zip.entryCount} parts`);
      for await (const entry of zip.eachEntry()) parts.set(entry.fileName.toLowerCase(), entry);
      return new WorkbookFile(path, zip, parts);
    } catch (cause) {
      zip?.close();
      if (isOfSystem(cause)) throw readFailure(path, cause);
      const got = `it is a zip file whose table of contents cannot be read (${messageOf(cause)})`;
      // It stands at the end of the file.
      throw new UnreadableError(damage(path, got, cause));
    }
  }

  close(): void {
    this.#zip.close();
  }

  /** The names of its parts. */
  names(): string[] {
    return Array.from(this.#parts.values(), ({ fileName }) => fileName);
  }

  has(name: string): boolean {
    return this.#parts.has(name.toLowerCase());
  }

  /** How many bytes of the file a part takes; 0 of one that is not there. */
  bytesOf(name: string): number {
    return this.#parts.get(name.toLowerCase())?.compressedSize ?? 0;
  }

  /** How many bytes a part has. */
  sizeOf(name: string): number {
    return this.#parts.get(name.toLowerCase())?.uncompressedSize ?? 0;
  }

  /**
   * The text of a part, piece by piece.
   *
   * @throws StepError where it is not there, damaged or out of proportion
   */
  async *text(name: string, { signal, onBytes }: PartReading = {}): AsyncGenerator<string> {
    const entry = this.#parts.get(name.toLowerCase());
    if (entry === undefined) throw damaged(this.path, `the workbook's part ${name} is missing`);
    if (entry.isEncrypted()) throw damaged(this.path, "its parts are locked with a password");
    const { compressedSize, uncompressedSize } = entry;
    if (uncompressedSize > LARGE_PART && uncompressedSize > MOST_TIMES * compressedSize) {
      const times = Math.round(uncompressedSize / Math.max(1, compressedSize));
      throw damaged(this.path, `its part ${name} grows to ${times} times its size when unpacked, as no table does`);
    }
    let decoder: StringDecoder | undefined;
    let unpacked = 0;
    let told = 0;
    signal?.throwIfAborted();
    try {
      const packed = await this.#zip.openReadStreamPromise(entry, { decodeFileData: false });
      for await (const piece of unpack(packed, entry.compressionMethod)) {
        signal?.throwIfAborted();
        decoder ??= new StringDecoder(piece[0] === 0xff && piece[1] === 0xfe ? "utf16le" : "utf8");
        unpacked += piece.length;
        if (unpacked > uncompressedSize) throw new Error("it is larger than the file says");
        const consumed = Math.round((unpacked / uncompressedSize) * compressedSize);
        onBytes?.(consumed - told);
        told = consumed;
        yield decoder.write(piece);
      }
    } catch (cause) {
      if (cause instanceof StepError || signal?.aborted) throw cause;
      if (isOfSystem(cause)) throw readFailure(this.path, cause);
      const failure = damage(this.path, `its part ${name} cannot be unpacked (${messageOf(cause)})`, cause);
      throw isCut(cause) ? new UnreadableError(failure) : new StepError(failure);
    }
  }

  /** Hands all that a part has to a handler. @throws StepError also where it is no XML */
  async scan(name: string, handler: XmlHandler, reading: PartReading = {}): Promise<void> {
    const scanner = new XmlScanner(handler);
    for await (const piece of this.text(name, reading)) this.understand(name, () => scanner.write(piece));
    this.understand(name, () => scanner.end());
  }

  /** Runs what scans a part. @throws StepError in place of an XmlError */
  understand(name: string, scans: () => void): void {
    try {
      scans();
    } catch (cause) {
      if (!(cause instanceof XmlError)) throw cause;
      throw damaged(this.path, `of its part ${name} this is wrong: ${cause.message}`, cause);
    }
  }
}

/** What a part holds, by the two methods that workbooks are made with. yauzl unpacks too, but in pieces of 16 KB. */
async function* unpack(packed: Readable, method: number): AsyncGenerator<Buffer> {
  if (method !== STORED && method !== DEFLATED) throw new Error(`it is compressed by the method ${method}`);
  // The iteration is told of every failure too.
  const bytes: Readable =
    method === STORED ? packed : pipeline(packed, createInflateRaw({ chunkSize: PIECE }), () => {});
  try {
    yield* bytes;
  } finally {
    packed.destroy();
  }
}

/** A workbook that cannot be read, and the way around that always works. */
export const damaged = (path: string, got: string, cause?: unknown): StepError =>
  new StepError(damage(path, got, cause));

function damage(path: string, got: string, cause: unknown): StepFailure {
  const hint =
    "Open it in the program it comes from, save it again as .xlsx or the sheet as CSV (UTF-8), and give that file.";
  return { tried: `read the workbook ${basename(path)}`, got, hint, cause };
}
