import type { Socket } from "node:net";
import { type Block, blockOf, leaveBlock } from "./blocks.js";

/**
 * What waits to be sent on a socket. Everything that comes up in one turn of the event loop leaves together, and frames
 * that lie one behind the other in memory as one piece: sending costs by the piece, not by the byte.
 */
export interface Outbox {
  write(bytes: Buffer): void;
  /** Sends what waits now; called before the socket is ended. */
  flush(): void;
  /** Whether so much waits that the other side should be read no further; the socket's `drain` tells the end of that. */
  isFull(): boolean;
}

const HIGH_WATER_BYTES = 512 * 1024;

export function createOutbox(socket: Socket): Outbox {
  let pieces: Buffer[] = [];
  /** Whose memory they are of. */
  let blocks: Block[] = [];
  let waitingBytes = 0;
  // The last piece, which may still grow.
  let memory: ArrayBufferLike | undefined;
  let start = 0;
  let end = 0;

  const closePiece = () => {
    if (memory) pieces.push(Buffer.from(memory as ArrayBuffer, start, end - start));
    memory = undefined;
  };
  const flush = () => {
    closePiece();
    const sent = pieces;
    const used = blocks;
    pieces = [];
    blocks = [];
    waitingBytes = 0;
    const last = sent.pop();
    if (last === undefined || socket.writableEnded || socket.destroyed) return;
    socket.cork();
    for (const piece of sent) socket.write(piece);
    // Pieces are written in their order.
    socket.write(last, (error) => {
      if (!error) for (const block of used) leaveBlock(block);
    });
    socket.uncork();
  };
  return {
    write: (bytes) => {
      if (waitingBytes === 0) setImmediate(flush);
      waitingBytes += bytes.length;
      if (bytes.buffer !== memory || bytes.byteOffset !== end) {
        closePiece();
        memory = bytes.buffer;
        start = bytes.byteOffset;
        const block = blockOf(memory);
        if (block) {
          block.users++;
          blocks.push(block);
        }
      }
      end = bytes.byteOffset + bytes.length;
    },
    flush,
    isFull: () => waitingBytes + socket.writableLength > HIGH_WATER_BYTES,
  };
}
