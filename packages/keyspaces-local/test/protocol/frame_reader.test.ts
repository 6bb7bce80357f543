import { createHash } from "node:crypto";
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { createFrameReader } from "@keyspaces-segmentation/keyspaces-local/dist/protocol/frame_reader.js";
import { createOutbox } from "@keyspaces-segmentation/keyspaces-local/dist/protocol/outbox.js";
import { seededRandom } from "@keyspaces-segmentation/local-support";

const random = seededRandom(7);
const below = (limit: number): number => Math.floor(random() * limit);

/** Answers of all sizes, each of its own bytes; written down from the protocol's specification. */
function framesOf(count: number): Buffer[] {
  return Array.from({ length: count }, (_, stream) => {
    const body = Buffer.alloc(below([50, 5000, 300_000][stream % 3]!), stream);
    const header = Buffer.from([0x84, 0, 0, 0, 0x08, 0, 0, 0, 0]);
    header.writeInt16BE(stream, 2);
    header.writeUInt32BE(body.length, 5);
    return Buffer.concat([header, body]);
  });
}

/** Has the reader take the bytes in pieces of all sizes. */
function* takeInPieces(bytes: Buffer) {
  const reader = createFrameReader("response", 2 ** 20);
  for (let at = 0; at < bytes.length; ) {
    const space = reader.space();
    expect(space.length).toBeGreaterThan(0);
    const length = Math.min(space.length, 1 + below(below(2) === 0 ? 20 : 70_000), bytes.length - at);
    bytes.copy(space, 0, at, at + length);
    at += length;
    yield reader.took(length);
  }
}

test("the same frames are found whatever the pieces", () => {
  const memory = new Set<ArrayBufferLike>();
  for (let round = 0; round < 20; round++) {
    const frames = framesOf(15);
    const found: string[] = [];
    for (const decoded of takeInPieces(Buffer.concat(frames))) {
      // Not kept: their memory is used again.
      for (const { bytes } of decoded.frames) {
        found.push(createHash("sha256").update(bytes).digest("hex"));
        memory.add(bytes.buffer);
      }
    }
    expect(found).toEqual(frames.map((frame) => createHash("sha256").update(frame).digest("hex")));
  }
  // A reader that ends keeps its last one.
  expect(memory.size).toBeLessThan(30);
});

test("what is no answer is a fault, once, behind the frames before it", () => {
  const [frame] = framesOf(1);
  const decoded = [...takeInPieces(Buffer.concat([frame!, Buffer.from("0400000502000000000400000502", "hex")]))];
  expect(decoded.flatMap(({ frames }) => frames)).toHaveLength(1);
  expect(decoded.filter(({ fault }) => fault)).toHaveLength(1);
});

describe("memory that is used again", () => {
  const server = createServer();
  let near: Socket;
  let far: Socket;
  beforeAll(async () => {
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    near = connect((server.address() as AddressInfo).port, "127.0.0.1");
    [far] = await once(server, "connection");
  });
  afterAll(() => {
    near.destroy();
    far.destroy();
    server.close();
  });

  test("is not written over while it waits for a client that reads slowly", async () => {
    const sent = Buffer.concat(framesOf(240));
    const outbox = createOutbox(near);
    const received = createHash("sha256");
    let left = sent.length;
    const all = new Promise<void>((resolve) => {
      far.on("data", (chunk) => {
        received.update(chunk);
        left -= chunk.length;
        far.pause();
        setImmediate(() => far.resume());
        if (left === 0) resolve();
      });
    });
    for (const { frames } of takeInPieces(sent)) {
      for (const frame of frames) outbox.write(frame.bytes);
      if (below(3) === 0) await new Promise(setImmediate);
    }
    await all;
    expect(received.digest("hex")).toBe(createHash("sha256").update(sent).digest("hex"));
  });
});
