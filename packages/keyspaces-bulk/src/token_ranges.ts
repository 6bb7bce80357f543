/** Tokens from `first` to `last`, both included. */
export interface TokenRange {
  first: bigint;
  last: bigint;
}

/** The tokens that a partitioner gives to keys, and how the protocol writes one. */
export interface TokenRing {
  /** The least and the greatest token that a key can have. */
  readonly ends: TokenRange;
  readonly encode: (token: bigint) => Buffer;
}

/** The token of a key is a `bigint`, its Murmur3 hash. */
export const murmur3Ring: TokenRing = {
  ends: { first: -(2n ** 63n), last: 2n ** 63n - 1n },
  encode: (token) => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64BE(token);
    return bytes;
  },
};

/** The token of a key is a `varint`, the absolute value of its MD5 hash; −1, the partitioner's minimum, is no key's. */
export const randomRing: TokenRing = {
  ends: { first: 0n, last: 2n ** 127n },
  encode: (token) => {
    const digits = token.toString(16);
    // The first bit is the sign.
    const bytes = Buffer.from(digits.padStart(digits.length + (digits.length % 2), "0"), "hex");
    return bytes[0]! < 0x80 ? bytes : Buffer.concat([Buffer.of(0), bytes]);
  },
};

/** By the name of the class, as drivers tell them: DefaultPartitioner is Keyspaces' own, the others are Cassandra's. */
const rings: ReadonlyMap<string, TokenRing> = new Map([
  ["Murmur3Partitioner", murmur3Ring],
  ["RandomPartitioner", randomRing],
  ["DefaultPartitioner", randomRing],
]);

/**
 * The ring of the partitioner that `system.local` names; undefined for one that Keyspaces does not have. Each account chooses among
 * three for a Region; one that has not chosen has DefaultPartitioner, whose tokens are RandomPartitioner's.
 *
 * @see https://docs.aws.amazon.com/keyspaces/latest/devguide/working-with-partitioners.html
 */
export function ringOf(partitioner: string): TokenRing | undefined {
  return rings.get(partitioner.slice(partitioner.lastIndexOf(".") + 1));
}

/**
 * Cuts a ring into `count` ranges of nearly equal length that cover it without overlap; hashes fill them about evenly. Keyspaces shows
 * no ranges of its own.
 */
export function splitTokenRing(count: number, { ends }: TokenRing = murmur3Ring): TokenRange[] {
  const size = (ends.last - ends.first + 1n) / BigInt(count);
  return Array.from({ length: count }, (_, i) => ({
    first: ends.first + size * BigInt(i),
    last: i === count - 1 ? ends.last : ends.first + size * BigInt(i + 1) - 1n,
  }));
}
