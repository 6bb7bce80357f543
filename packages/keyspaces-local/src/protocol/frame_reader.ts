import { type Block, leaveBlock, takeBlock } from "./blocks.js";
import { type Decoded, type Frame, frameAt, inspectFrame } from "./frame.js";

/** Cuts into frames what a socket reads, where it lies: a frame is copied only where it does not fit in behind the others. */
export interface FrameReader {
  /** Where is to be read into next. */
  space(): Buffer;
  /**
   * The frames that are complete with so many more bytes. Their memory is used again once they are written to an outbox, or at once
   * where they are not: who keeps one copies it.
   */
  took(bytes: number): Decoded;
}

const BLOCK_BYTES = 128 * 1024;
/** What is read at once, at least where no frame has begun. */
const READ_BYTES = 64 * 1024;

/** Holds at most one unfinished frame. */
export function createFrameReader(direction: "request" | "response", maxBodyBytes: number): FrameReader {
  let block: Block | undefined;
  /** Of what has come and is in no frame yet. */
  let from = 0;
  let to = 0;
  /** Of the frame that begins there, as far as is known. */
  let wantedBytes = 0;
  let faulty = false;

  const move = (bytes: number): Block => {
    const next = takeBlock(bytes);
    block?.bytes.copy(next.bytes, 0, from, to);
    if (block) leaveBlock(block);
    to -= from;
    from = 0;
    return next;
  };
  return {
    space() {
      const room = block ? block.bytes.length : 0;
      if (from === to ? room - to < READ_BYTES : from + wantedBytes > room) {
        block = move(Math.max(BLOCK_BYTES, wantedBytes));
      }
      return block!.bytes.subarray(to);
    },
    took(bytes) {
      const frames: Frame[] = [];
      to += bytes;
      if (faulty) from = to;
      while (from < to) {
        const next = inspectFrame(block!.bytes, from, to - from, direction, maxBodyBytes);
        if (typeof next !== "number") {
          faulty = true;
          from = to;
          return { frames, fault: next };
        }
        wantedBytes = next;
        if (next > to - from) return { frames };
        frames.push(frameAt(block!.bytes, from, next));
        from += next;
      }
      wantedBytes = 0;
      return { frames };
    },
  };
}
