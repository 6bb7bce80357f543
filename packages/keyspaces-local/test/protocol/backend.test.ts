import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type Backend, createBackend } from "@keyspaces-segmentation/keyspaces-local/dist/protocol/backend.js";
import {
  createFrameDecoder,
  encodeFrame,
  type Frame,
  Opcode,
} from "@keyspaces-segmentation/keyspaces-local/dist/protocol/frame.js";

/** All that a connection has. */
const STREAMS = 32_768;

const waiting = new Map<number, Frame>();
const reused: number[] = [];
let cassandra: Socket;
let arrived: () => void = () => undefined;
const server = createServer((socket) => {
  cassandra = socket;
  const decoder = createFrameDecoder("request", 1_000_000);
  socket.on("data", (bytes: Buffer) => {
    for (const frame of decoder.push(bytes).frames) {
      const { version, stream, opcode } = frame;
      if (opcode === Opcode.startup) {
        socket.write(encodeFrame("response", { version, stream, opcode: Opcode.ready }, Buffer.alloc(0)));
        continue;
      }
      if (waiting.has(stream)) reused.push(stream);
      waiting.set(stream, frame);
    }
    arrived();
  });
});
let backend: Backend;

beforeAll(async () => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  backend = createBackend({ host: "127.0.0.1", port: (server.address() as AddressInfo).port });
});
afterAll(() => {
  backend.close();
  server.close();
});

const untilWaiting = async (count: number) => {
  while (waiting.size < count && reused.length === 0) {
    await new Promise<void>((resolve) => {
      arrived = resolve;
    });
  }
};
/** With what was asked. */
const answer = (stream: number) => {
  const { version, body } = waiting.get(stream)!;
  waiting.delete(stream);
  cassandra.write(encodeFrame("response", { version, stream, opcode: Opcode.result }, body));
};
const ask = async (number: number) => {
  const text = `SELECT ${number}`;
  const { body } = await backend.ask(text);
  return body.toString("utf8", 4, 4 + body.readInt32BE(0)) === text;
};

test("no stream that waits for its answer is taken again, and with all of them taken a request is refused", async () => {
  const asked = Array.from({ length: STREAMS }, (_, number) => ask(number));
  await untilWaiting(STREAMS);
  const beyond = ask(STREAMS);
  await expect(Promise.race([beyond, untilWaiting(STREAMS + 1)])).rejects.toMatchObject({
    code: 0x1001,
    message: expect.stringContaining("32768 requests"),
  });

  // One that is free again, with all others before and behind it still waiting.
  answer(700);
  await asked[700];
  const next = ask(STREAMS + 1);
  await untilWaiting(STREAMS);
  expect(reused).toEqual([]);
  for (const stream of [...waiting.keys()]) answer(stream);
  expect((await Promise.all([...asked, next])).every(Boolean)).toBe(true);
});
