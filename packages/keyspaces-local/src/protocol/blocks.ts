/**
 * Memory that answers are read into, used again once all of it is written on: memory of its own for each of them makes Node.js collect
 * garbage all the time, however little of it is its own heap.
 */
export interface Block {
  readonly bytes: Buffer;
  /** How many still read into it or write from it. */
  users: number;
}

/** What is kept of each size, and sizes beyond which nothing is. */
const KEPT_BYTES = 4 * 1024 * 1024;
const MOST_BYTES = 2 * 1024 * 1024;

const spare = new Map<number, Block[]>();
const blocks = new WeakMap<ArrayBufferLike, Block>();

/** @param bytes at least so many; a power of two is given */
export function takeBlock(bytes: number): Block {
  const size = 2 ** Math.ceil(Math.log2(bytes));
  const block = spare.get(size)?.pop() ?? newBlock(size);
  block.users = 1;
  return block;
}

function newBlock(size: number): Block {
  const block: Block = { bytes: Buffer.allocUnsafeSlow(size), users: 0 };
  blocks.set(block.bytes.buffer, block);
  return block;
}

/** The block that memory is of; undefined for any other memory. */
export function blockOf(memory: ArrayBufferLike): Block | undefined {
  return blocks.get(memory);
}

/** To be called once by each user that is done. Where one never is, the block is left to the garbage collector. */
export function leaveBlock(block: Block): void {
  block.users--;
  const { length } = block.bytes;
  if (block.users > 0 || length > MOST_BYTES) return;
  const kept = spare.get(length) ?? [];
  if (kept.length * length >= KEPT_BYTES) return;
  kept.push(block);
  spare.set(length, kept);
}
