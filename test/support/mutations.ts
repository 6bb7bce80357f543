/** Bytes damaged in one of the ways files are: flipped, cut, grown, a stretch overwritten or repeated. */
export function mutate(bytes: Uint8Array, random: () => number): Uint8Array {
  const copy = Uint8Array.from(bytes);
  const at = Math.floor(random() * copy.length);
  const other = Math.floor(random() * copy.length);
  switch (Math.floor(random() * 6)) {
    case 0:
      copy[at] = copy[at]! ^ (1 << Math.floor(random() * 8));
      return copy;
    case 1:
      return copy.subarray(0, at);
    case 2:
      copy.fill(random() < 0.5 ? 0xff : 0, at, at + Math.floor(random() * 9));
      return copy;
    case 3:
      return Buffer.concat([copy.subarray(0, at), copy.subarray(other)]);
    case 4:
      return Buffer.concat([copy, copy.subarray(at)]);
    default:
      for (let i = 0; i < 8; i++) copy[Math.floor(random() * copy.length)] = Math.floor(random() * 256);
      return copy;
  }
}
