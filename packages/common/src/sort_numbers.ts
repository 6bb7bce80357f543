/** A number has so many digits of 8 bits, and so many values each digit. */
const DIGITS = 8;
const VALUES = 256;
/** Of fewer values the engine's own sort is as quick. */
const FEW = 1000;
/** The upper half of what is no number. */
const NOT_A_NUMBER = 0x7ff80000;
/** Which of the two halves of a number in memory has its lower bits. */
const LOW = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1 ? 0 : 1;

/**
 * Room for as many numbers, of the last sort, as long as it has not been collected. Every 64 MB of new arrays make the engine look through all
 * objects that there are, which takes seconds beside millions of customers.
 */
let lastRoom = new WeakRef(new Uint32Array(0));

function roomFor(numbers: number): Uint32Array {
  let room = lastRoom.deref();
  if (room === undefined || room.length < 2 * numbers) {
    room = new Uint32Array(2 * numbers);
    lastRoom = new WeakRef(room);
  }
  return room.subarray(0, 2 * numbers);
}

/** A copy of the values in ascending order; see {@link sortInPlace}. */
export function sortNumbers(values: Float64Array): Float64Array {
  return sortInPlace(values.slice());
}

/**
 * Puts the values in ascending order, −0 before 0 and NaN last, as the engine's own `sort`; in a third of its time, and in the same time for each
 * value however many there are: by their digits, the lowest first (radix sort).
 *
 * @returns the same array
 * @see Knuth, The Art of Computer Programming, 5.2.5
 */
export function sortInPlace(values: Float64Array): Float64Array {
  if (values.length < FEW) return values.sort();
  const counts = Array.from({ length: DIGITS }, () => new Uint32Array(VALUES));
  const own = new Uint32Array(values.buffer, values.byteOffset, 2 * values.length);
  let from = own;
  let to = roomFor(values.length);
  for (let at = 0; at < from.length; at += 2) {
    // What is no number may have a sign, too.
    const upper = Number.isNaN(values[at / 2]) ? NOT_A_NUMBER : from[at + 1 - LOW]!;
    // So that their bits are ordered as the numbers are: those of negative ones turned, and the sign of the others.
    const turned = upper >>> 31 === 1 ? -1 : 0;
    let low = from[at + LOW]! ^ turned;
    let high = upper ^ (turned | 0x80000000);
    from[at + LOW] = low;
    from[at + 1 - LOW] = high;
    for (let digit = 0; digit < DIGITS / 2; digit++, low >>>= 8, high >>>= 8) {
      counts[digit]![low & 255]!++;
      counts[digit + DIGITS / 2]![high & 255]!++;
    }
  }
  for (let digit = 0; digit < DIGITS; digit++) {
    const half = digit < DIGITS / 2 ? LOW : 1 - LOW;
    const shift = (8 * digit) % 32;
    const next = counts[digit]!;
    if (next[(from[half]! >>> shift) & 255] === values.length) continue;
    for (let value = 0, sum = 0; value < VALUES; value++) {
      const count = next[value]!;
      next[value] = sum;
      sum += count;
    }
    for (let at = 0; at < from.length; at += 2) {
      const place = 2 * next[(from[at + half]! >>> shift) & 255]!++;
      to[place] = from[at]!;
      to[place + 1] = from[at + 1]!;
    }
    [from, to] = [to, from];
  }
  for (let at = 0; at < from.length; at += 2) {
    const turned = from[at + 1 - LOW]! >>> 31 === 1 ? 0 : -1;
    own[at + LOW] = from[at + LOW]! ^ turned;
    own[at + 1 - LOW] = from[at + 1 - LOW]! ^ (turned | 0x80000000);
  }
  return values;
}
