/** Frames of the CQL binary protocol, versions 3 and 4: bytes in, frames out, no socket (native_protocol_v4.spec §2). */

export const Opcode = {
  error: 0x00,
  startup: 0x01,
  ready: 0x02,
  authenticate: 0x03,
  options: 0x05,
  supported: 0x06,
  query: 0x07,
  result: 0x08,
  prepare: 0x09,
  execute: 0x0a,
  register: 0x0b,
  event: 0x0c,
  batch: 0x0d,
  authChallenge: 0x0e,
  authResponse: 0x0f,
  authSuccess: 0x10,
} as const;

export const Flag = { compressed: 0x01, tracing: 0x02, customPayload: 0x04, warnings: 0x08 } as const;

/** One frame; `body` and `bytes` (the whole frame) are views of the received bytes. */
export interface Frame {
  readonly version: number;
  readonly flags: number;
  readonly stream: number;
  readonly opcode: number;
  readonly body: Buffer;
  readonly bytes: Buffer;
}

/** Bytes that cannot be a frame. The connection has lost its footing and must end after one answer. */
interface FrameFault {
  readonly stream: number;
  readonly message: string;
}

export interface Decoded {
  readonly frames: Frame[];
  /** Set once, with the frames that came before it; whatever follows is ignored. */
  readonly fault?: FrameFault;
}

export interface FrameDecoder {
  push(chunk: Buffer): Decoded;
  /** Takes larger bodies, or only smaller ones, from the next frame on. */
  limitBodies(maxBodyBytes: number): void;
}

const HEADER_BYTES = 9;
const RESPONSE = 0x80;

/**
 * Cuts a stream of bytes into frames. Holds at most one unfinished frame, in at most twice the memory that was received
 * of it, however small the pieces. Only a frame that comes in pieces is copied.
 *
 * @param direction which of the two kinds of frame may arrive
 */
export function createFrameDecoder(direction: "request" | "response", maxBodyBytes: number): FrameDecoder {
  /** The beginning of an unfinished frame, with room behind it. */
  let held: Buffer = Buffer.alloc(0);
  let heldBytes = 0;
  let wantedBytes = 4;
  let faulty = false;

  /** Copies what the frame still wants of a chunk. @returns where the rest of the chunk begins */
  const hold = (chunk: Buffer, start: number): number => {
    const end = Math.min(chunk.length, start + wantedBytes - heldBytes);
    const needed = heldBytes + end - start;
    if (held.length < needed) {
      const larger = Buffer.allocUnsafe(Math.min(2 * needed, Math.max(needed, wantedBytes)));
      held.copy(larger, 0, 0, heldBytes);
      held = larger;
    }
    chunk.copy(held, heldBytes, start, end);
    heldBytes = needed;
    return end;
  };
  return {
    push(chunk) {
      const frames: Frame[] = [];
      if (faulty) return { frames };
      let start = 0;
      for (;;) {
        const isHeld = heldBytes > 0;
        if (isHeld) start = hold(chunk, start);
        const bytes = isHeld ? held : chunk;
        const from = isHeld ? 0 : start;
        const available = isHeld ? heldBytes : chunk.length - start;
        if (available < wantedBytes) {
          // No copy yet: what is left of a chunk is only ever read, and grows into memory of its own.
          if (!isHeld) {
            held = chunk.subarray(start);
            heldBytes = held.length;
          }
          return { frames };
        }
        const next = inspectFrame(bytes, from, available, direction, maxBodyBytes);
        if (typeof next !== "number") {
          faulty = true;
          held = Buffer.alloc(0);
          return { frames, fault: next };
        }
        if (next > available) {
          wantedBytes = next;
          continue;
        }
        frames.push(frameAt(bytes, from, next));
        wantedBytes = 4;
        if (!isHeld) start += next;
        else {
          held = Buffer.alloc(0);
          heldBytes = 0;
        }
      }
    },
    limitBodies: (bytes) => {
      maxBodyBytes = bytes;
    },
  };
}

/** How many bytes the frame at `start` takes, as far as can be told from those that are there: more than those where it cannot. */
export function inspectFrame(
  bytes: Buffer,
  start: number,
  available: number,
  direction: "request" | "response",
  maxBodyBytes: number,
): number | FrameFault {
  // A refusal goes to the frame's own stream, so wait for the stream id, but not for more: other versions have
  // other headers.
  if (available < 4) return 4;
  const version = bytes[start]!;
  const stream = bytes.readInt16BE(start + 2);
  const fromServer = (version & RESPONSE) !== 0;
  const number = version & 0x7f;
  if ((number !== 3 && number !== 4) || fromServer !== (direction === "response")) {
    return {
      stream,
      message: `Invalid or unsupported protocol version (${fromServer === (direction === "response") ? number : version}); supported versions are (3/v3, 4/v4)`,
    };
  }
  if (available < HEADER_BYTES) return HEADER_BYTES;
  const bodyBytes = bytes.readUInt32BE(start + 5);
  if (bodyBytes > maxBodyBytes) {
    return {
      stream,
      message: `${direction === "request" ? "Request" : "Response"} is too big: length ${bodyBytes} exceeds maximum allowed length ${maxBodyBytes}.`,
    };
  }
  return HEADER_BYTES + bodyBytes;
}

/** The frame of so many bytes that begins at `start`; its own bytes are views of these. */
export function frameAt(bytes: Buffer, start: number, length: number): Frame {
  return {
    version: bytes[start]! & 0x7f,
    flags: bytes[start + 1]!,
    stream: bytes.readInt16BE(start + 2),
    opcode: bytes[start + 4]!,
    body: bytes.subarray(start + HEADER_BYTES, start + length),
    bytes: bytes.subarray(start, start + length),
  };
}

/** The same frame in memory of its own. */
export function copyFrame({ bytes }: Frame): Frame {
  return frameAt(Buffer.from(bytes), 0, bytes.length);
}

/** One frame as bytes; `version` is 3 or 4, without the direction bit. */
export function encodeFrame(
  direction: "request" | "response",
  { version, stream, opcode, flags = 0 }: { version: number; stream: number; opcode: number; flags?: number },
  body: Buffer,
): Buffer {
  const frame = Buffer.allocUnsafe(HEADER_BYTES + body.length);
  frame[0] = direction === "response" ? version | RESPONSE : version;
  frame[1] = flags;
  frame.writeInt16BE(stream, 2);
  frame[4] = opcode;
  frame.writeInt32BE(body.length, 5);
  body.copy(frame, HEADER_BYTES);
  return frame;
}
