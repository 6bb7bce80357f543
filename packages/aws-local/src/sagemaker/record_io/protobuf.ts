/** Protocol Buffers on the wire: fields without their schema. https://protobuf.dev/programming-guides/encoding/ */

/** A field's number, and its content: a number for a varint, bytes for everything else. */
export type Field = readonly [number: number, content: number | Buffer];

const Wire = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;

/** A varint as a signed number of 64 bits, exact up to 2^53. @returns the value and where it ends */
function readVarint(data: Buffer, start: number): [value: number, end: number] {
  const first = data[start];
  // Nearly all of them are as short as this.
  if (first !== undefined && first < 128) return [first, start + 1];
  let value = 0n;
  for (let at = start; at < start + 10; at++) {
    const byte = data[at];
    if (byte === undefined) throw new RangeError("a varint is cut off");
    value |= BigInt(byte & 127) << BigInt(7 * (at - start));
    if (byte < 128) return [Number(BigInt.asIntN(64, value)), at + 1];
  }
  throw new RangeError("a varint has more than ten bytes");
}

/**
 * The fields of a message, in order, repeats included.
 *
 * @throws RangeError where the bytes are not a message
 */
export function readFields(data: Buffer): Field[] {
  const fields: Field[] = [];
  for (let at = 0; at < data.length; ) {
    const [tag, content] = readVarint(data, at);
    const number = Math.floor(tag / 8);
    if (number < 1) throw new RangeError("a field has no number");
    const wire = tag % 8;
    if (wire === Wire.varint) {
      const [value, end] = readVarint(data, content);
      fields.push([number, value]);
      at = end;
      continue;
    }
    let start = content;
    let length = wire === Wire.fixed64 ? 8 : 4;
    if (wire === Wire.bytes) [length, start] = readVarint(data, content);
    else if (wire !== Wire.fixed64 && wire !== Wire.fixed32) throw new RangeError(`wire type ${wire} is unknown`);
    if (length < 0 || start + length > data.length) throw new RangeError("a field is cut off");
    fields.push([number, data.subarray(start, start + length)]);
    at = start + length;
  }
  return fields;
}

/** The numbers of a repeated field of varints, packed or not. */
export function varintsOf(fields: readonly Field[], number: number): number[] {
  const values: number[] = [];
  for (const [each, content] of fields) {
    if (each !== number) continue;
    if (typeof content === "number") values.push(content);
    else for (let at = 0, value = 0; at < content.length; values.push(value)) [value, at] = readVarint(content, at);
  }
  return values;
}

/** The messages of a field. @throws RangeError where one is no message */
export function messagesOf(fields: readonly Field[], number: number): Buffer[] {
  return fields
    .filter(([each]) => each === number)
    .map(([, content]) => {
      if (typeof content === "number") throw new RangeError(`field ${number} is no message`);
      return content;
    });
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return Buffer.from([...bytes, rest]);
}

/** A field of bytes: text, a message, or packed numbers. */
export function writeField(number: number, content: Uint8Array): Buffer {
  return Buffer.concat([varint(number * 8 + Wire.bytes), varint(content.length), content]);
}
