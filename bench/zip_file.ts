import { closeSync, openSync, writeSync } from "node:fs";
import { constants, crc32, deflateRawSync } from "node:zlib";

/** A zip file that is written from beginning to end, a part after the other, whose sizes need not be known before. */
export class ZipFile {
  readonly #descriptor: number;
  readonly #directory: Buffer[] = [];
  #at = 0;
  #parts = 0;
  #part = { name: Buffer.alloc(0), from: 0, size: 0, packed: 0, sum: 0 };

  constructor(path: string) {
    this.#descriptor = openSync(path, "w");
  }

  /** Begins a part; what is added goes into it until it is ended. */
  begin(name: string): void {
    this.#part = { name: Buffer.from(name), from: this.#at, size: 0, packed: 0, sum: 0 };
    this.#write(this.#headerOf("PK\x03\x04", 0));
  }

  add(text: string, { isLast = false }: { isLast?: boolean } = {}): void {
    const bytes = Buffer.from(text);
    // Pieces that end on a byte can be written one after the other.
    const finishFlush = isLast ? constants.Z_FINISH : constants.Z_SYNC_FLUSH;
    const packed = deflateRawSync(bytes, { finishFlush, level: 6 });
    this.#part.size += bytes.length;
    this.#part.packed += packed.length;
    this.#part.sum = crc32(bytes, this.#part.sum);
    this.#write(packed);
  }

  /** Ends a part. */
  end(): void {
    this.add("", { isLast: true });
    this.#write(Buffer.concat([Buffer.from("PK\x07\x08", "latin1"), this.#sizes()]));
    this.#directory.push(this.#headerOf("PK\x01\x02", this.#part.from));
    this.#parts++;
  }

  close(): void {
    const from = this.#at;
    const directory = Buffer.concat(this.#directory);
    this.#write(directory);
    const end = Buffer.alloc(22);
    end.write("PK\x05\x06", 0, "latin1");
    end.writeUInt16LE(this.#parts, 8);
    end.writeUInt16LE(this.#parts, 10);
    end.writeUInt32LE(directory.length, 12);
    end.writeUInt32LE(from, 16);
    this.#write(end);
    closeSync(this.#descriptor);
  }

  #write(bytes: Buffer): void {
    writeSync(this.#descriptor, bytes);
    this.#at += bytes.length;
  }

  #sizes(): Buffer {
    const sizes = Buffer.alloc(12);
    sizes.writeUInt32LE(this.#part.sum, 0);
    sizes.writeUInt32LE(this.#part.packed, 4);
    sizes.writeUInt32LE(this.#part.size, 8);
    return sizes;
  }

  /** What stands before a part, without its sizes, which stand behind it; or, in the directory, with them. */
  #headerOf(mark: "PK\x03\x04" | "PK\x01\x02", from: number): Buffer {
    const isLocal = mark === "PK\x03\x04";
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    // Sizes follow the content.
    common.writeUInt16LE(8, 2);
    common.writeUInt16LE(8, 4);
    if (!isLocal) this.#sizes().copy(common, 10);
    common.writeUInt16LE(this.#part.name.length, 22);
    if (isLocal) return Buffer.concat([Buffer.from(mark, "latin1"), common, this.#part.name]);
    const central = Buffer.alloc(46);
    central.write(mark, 0, "latin1");
    central.writeUInt16LE(20, 4);
    common.copy(central, 6);
    central.writeUInt32LE(from, 42);
    return Buffer.concat([central, this.#part.name]);
  }
}
