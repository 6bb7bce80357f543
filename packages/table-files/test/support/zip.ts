import { deflateRawSync } from "node:zlib";

/** What a file in a zip holds, or, for a zip that lies, that and the size which the zip says it has. */
export type Member = string | Uint8Array | { content: Uint8Array; size: number };

/** A zip file of these members, compressed, without check sums. */
export function zip(members: Readonly<Record<string, Member>>): Uint8Array {
  const parts: Buffer[] = [];
  const contents: Buffer[] = [];
  let at = 0;
  for (const [name, member] of Object.entries(members)) {
    const content =
      typeof member === "string" ? Buffer.from(member) : member instanceof Uint8Array ? member : member.content;
    const size = typeof member === "object" && "size" in member ? member.size : content.length;
    const packed = deflateRawSync(content);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(8, 4);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(size, 18);
    common.writeUInt16LE(Buffer.byteLength(name), 22);
    const central = Buffer.alloc(46);
    central.write("PK\x01\x02", 0, "latin1");
    common.copy(central, 6);
    central.writeUInt32LE(at, 42);
    contents.push(central, Buffer.from(name));
    const local = [Buffer.from("PK\x03\x04", "latin1"), common, Buffer.from(name), packed];
    parts.push(...local);
    at += local.reduce((sum, part) => sum + part.length, 0);
  }
  const directory = Buffer.concat(contents);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", 0, "latin1");
  end.writeUInt16LE(Object.keys(members).length, 8);
  end.writeUInt16LE(Object.keys(members).length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...parts, directory, end]);
}
