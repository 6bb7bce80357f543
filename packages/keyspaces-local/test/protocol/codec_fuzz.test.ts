import { afterEach, beforeEach, describe, expect, jest, test } from "@jest/globals";
import { createBoundValues } from "@keyspaces-segmentation/keyspaces-local/dist/protocol/bound_values.js";
import { createFrameDecoder, type Frame } from "@keyspaces-segmentation/keyspaces-local/dist/protocol/frame.js";
import { createReader, type Reader } from "@keyspaces-segmentation/keyspaces-local/dist/protocol/notation.js";
import { ErrorCode, Refusal } from "@keyspaces-segmentation/keyspaces-local/dist/protocol/refusal.js";
import {
  locateValues,
  readBatch,
  readExecute,
  readPageRequest,
  readPrepare,
  readQuery,
  withPage,
} from "@keyspaces-segmentation/keyspaces-local/dist/protocol/requests.js";
import { readPreparedId } from "@keyspaces-segmentation/keyspaces-local/dist/protocol/responses.js";
import { countRows, readPage, readRows } from "@keyspaces-segmentation/keyspaces-local/dist/protocol/rows.js";
import { seededRandom } from "@keyspaces-segmentation/kmeans";
import { frame } from "../wire_client.js";

const random = seededRandom(20_261_121);
const below = (limit: number) => Math.floor(random() * limit);
const noise = (length: number) => Buffer.from(Array.from({ length }, () => below(256)));
const int = (value: number) => Buffer.from([value >>> 24, value >>> 16, value >>> 8, value].map((byte) => byte & 255));
const short = (value: number) => Buffer.from([value >>> 8, value & 255]);

const bigLimit = 1024 * 1024;
const decode = (chunks: readonly Buffer[], limit = bigLimit) => {
  const decoder = createFrameDecoder("request", limit);
  const decoded = chunks.map((chunk) => decoder.push(chunk));
  return {
    frames: decoded.flatMap(({ frames }) => frames),
    faults: decoded.flatMap(({ fault }) => (fault ? [fault] : [])),
  };
};
const summary = ({ version, flags, stream, opcode, bytes }: Frame) =>
  [version, flags, stream, opcode, bytes.toString("hex")].join(" ");

/** A few frames, one behind the other. */
function randomStream(): { bytes: Buffer; expected: string[] } {
  const frames = Array.from({ length: 1 + below(6) }, () => {
    const bytes = frame(below(32_768), below(256), noise(random() < 0.3 ? 0 : below(60)), 3 + below(2));
    bytes[1] = below(256);
    return bytes;
  });
  const expected = frames.map((bytes) =>
    [bytes[0], bytes[1], bytes.readInt16BE(2), bytes[4], bytes.toString("hex")].join(" "),
  );
  return { bytes: Buffer.concat(frames), expected };
}

/** The same bytes in pieces, some of them empty. */
function inPieces(bytes: Buffer): Buffer[] {
  const cuts = Array.from({ length: below(12) }, () => below(bytes.length + 1)).sort((a, b) => a - b);
  return [0, ...cuts].map((start, index) => bytes.subarray(start, cuts[index] ?? bytes.length));
}

/** Whether two lists are the same; `expect` takes longer to say so than a round takes, and is asked once for all of them. */
const same = (found: readonly unknown[], expected: readonly unknown[]): boolean =>
  JSON.stringify(found) === JSON.stringify(expected);

describe("frames", () => {
  test("are found wherever a stream of several is split", () => {
    const wrong: unknown[] = [];
    for (let round = 0; round < 40; round++) {
      const { bytes, expected } = randomStream();
      for (let at = 0; at <= bytes.length; at++) {
        const found = decode([bytes.subarray(0, at), bytes.subarray(at)]).frames.map(summary);
        if (!same(found, expected)) wrong.push({ at, found, expected });
      }
    }
    expect(wrong).toEqual([]);
  });

  test("are found in 3,000 streams cut at random", () => {
    const wrong: unknown[] = [];
    for (let round = 0; round < 3000; round++) {
      const { bytes, expected } = randomStream();
      const { frames, faults } = decode(inPieces(bytes));
      const found = frames.map(summary);
      if (!same(found, expected) || faults.length > 0) wrong.push({ found, expected, faults });
    }
    expect(wrong).toEqual([]);
  });

  test("of 5,000 mutated streams: at most one fault, and what is found is what was sent", () => {
    const wrong: unknown[] = [];
    for (let round = 0; round < 5000; round++) {
      const { bytes } = randomStream();
      for (let flips = 1 + below(4); flips > 0; flips--) bytes[below(bytes.length)] = below(256);
      const { frames, faults } = decode(inPieces(bytes), 1024);
      const found = Buffer.concat(frames.map((one) => one.bytes));
      const isSent = bytes.subarray(0, found.length).equals(found);
      const areSmall = frames.every(({ body }) => body.length <= 1024);
      if (faults.length > 1 || !isSent || !areSmall)
        wrong.push({ bytes: bytes.toString("hex"), isSent, areSmall, faults });
    }
    expect(wrong).toEqual([]);
  });

  test("of 5,000 streams of random bytes: at most one fault, and the same one however they are cut", () => {
    const wrong: unknown[] = [];
    for (let round = 0; round < 5000; round++) {
      const bytes = noise(below(200));
      // Half of them begin like a frame, so that not everything ends at the first byte.
      if (bytes.length > 0 && round % 2 === 0) bytes[0] = 4;
      const whole = decode([bytes], 64);
      const cut = decode(inPieces(bytes), 64);
      const found = [...cut.frames.map(summary), cut.faults];
      const expected = [...whole.frames.map(summary), whole.faults];
      if (!same(found, expected) || whole.faults.length > 1) wrong.push({ found, expected });
    }
    expect(wrong).toEqual([]);
  });

  test("that come byte by byte are held in a room that doubles: a few, and in all four times their bytes", () => {
    const length = 1024 * 1024;
    const decoder = createFrameDecoder("request", length);
    decoder.push(Buffer.concat([Buffer.from("0400000107", "hex"), int(length)]));
    const byte = Buffer.from([0]);
    let frames = 0;
    const allocated = jest.spyOn(Buffer, "allocUnsafe");
    for (let sent = 0; sent < length - 1; sent++) frames += decoder.push(byte).frames.length;
    const rooms = allocated.mock.calls.map(([bytes]) => bytes);
    allocated.mockRestore();
    expect(rooms.length).toBeGreaterThan(0);
    expect(rooms.length).toBeLessThanOrEqual(Math.log2(length));
    expect(rooms.reduce((sum, bytes) => sum + bytes)).toBeLessThanOrEqual(4 * length + 100);
    expect(frames).toBe(0);
    expect(decoder.push(byte).frames.map(({ body }) => body.length)).toEqual([length]);
  });

  test("take the limit of the moment", () => {
    const decoder = createFrameDecoder("request", 10);
    expect(decoder.push(frame(1, 7, noise(10))).frames).toHaveLength(1);
    decoder.limitBodies(20);
    expect(decoder.push(frame(1, 7, noise(20))).frames).toHaveLength(1);
    expect(decoder.push(frame(2, 7, noise(21))).fault).toEqual({
      stream: 2,
      message: "Request is too big: length 21 exceeds maximum allowed length 20.",
    });
  });
});

/** The frame that these bytes are. */
const frameOf = (bytes: Buffer) => decode([bytes]).frames[0]!;

describe("bodies", () => {
  const text = (words: string) => Buffer.concat([int(words.length), Buffer.from(words)]);
  const id = Buffer.concat([short(16), noise(16)]);
  const values = Buffer.concat([short(3), int(4), noise(4), int(-1), int(0)]);
  const parameters = Buffer.concat([short(6), Buffer.from([0x25]), values, int(100), int(0), int(7)]);
  const found = createBoundValues();
  /** All that the gateway reads of the parameters of a QUERY or EXECUTE. */
  const readParameters = (request: Frame, at: number) => {
    locateValues(request.body, at, ["a", undefined], found);
    const page = readPageRequest(request.body, at);
    withPage(request, page, 7, Buffer.from("state"));
  };
  const valid: [name: string, opcode: number, body: Buffer, read: (frame: Frame) => unknown][] = [
    [
      "QUERY",
      0x07,
      Buffer.concat([text("SELECT * FROM a.b"), parameters]),
      (request) => readParameters(request, readQuery(request).parameters),
    ],
    ["PREPARE", 0x09, text("SELECT * FROM a.b WHERE c = ?"), readPrepare],
    [
      "EXECUTE",
      0x0a,
      Buffer.concat([id, parameters]),
      (request) => readParameters(request, readExecute(request).parameters),
    ],
    [
      "BATCH",
      0x0d,
      Buffer.concat([
        Buffer.from([1]),
        short(2),
        ...[Buffer.from([1]), id, values],
        ...[Buffer.from([0]), text("INSERT"), values],
        ...[short(6), Buffer.from([0])],
      ]),
      readBatch,
    ],
  ];
  /** What has come of reading what clients have sent, and may not. */
  let unreadable: unknown[] = [];
  const readable = (read: () => unknown) => {
    try {
      read();
    } catch (error) {
      if (!(error instanceof Refusal) || error.code !== ErrorCode.protocol) unreadable.push(error);
    }
  };
  beforeEach(() => {
    unreadable = [];
  });
  afterEach(() => expect(unreadable).toEqual([]));

  test.each(valid)("%s is read, and each shorter one is refused or read", (_, opcode, body, read) => {
    expect(() => read(frameOf(frame(1, opcode, body)))).not.toThrow();
    for (let length = 0; length < body.length; length++) {
      readable(() => read(frameOf(frame(1, opcode, body.subarray(0, length)))));
    }
  });

  test.each(valid)("3,000 mutated %s: read or refused, nothing else", (_, opcode, body, read) => {
    for (let round = 0; round < 3000; round++) {
      const mutated = frame(1, opcode, body);
      for (let flips = 1 + below(4); flips > 0; flips--) mutated[9 + below(body.length)] = below(256);
      if (round % 3 === 0) mutated[1] = below(256);
      readable(() => read(frameOf(mutated)));
    }
  });

  test.each(valid)("2,000 times noise instead of a %s: read or refused, nothing else", (_, opcode, _body, read) => {
    for (let round = 0; round < 2000; round++) {
      const bytes = frame(1, opcode, noise(below(80)));
      bytes[1] = below(256);
      readable(() => read(frameOf(bytes)));
    }
  });

  test("every notation of 5,000 bodies of noise: read or refused, nothing else", () => {
    const names = Object.keys(createReader(Buffer.alloc(0))) as (keyof Reader)[];
    let furthest = 0;
    for (let round = 0; round < 5000; round++) {
      const reader = createReader(noise(below(40)));
      for (let step = 0; step < 5; step++) readable(() => reader[names[below(names.length)]!](below(10)));
      furthest = Math.max(furthest, reader.position());
    }
    expect(furthest).toBeLessThanOrEqual(40);
  });

  test("3,000 responses that make no sense: read or refused, nothing else", () => {
    for (let round = 0; round < 3000; round++) {
      const bytes = frame(1, 0x08, Buffer.concat([int(2 + (below(2) << 1)), noise(below(60))]), 0x84);
      bytes[1] = below(256);
      const [response] = createFrameDecoder("response", 1024).push(bytes).frames;
      readable(() => readRows(response!));
      readable(() => {
        const page = readPage(response!);
        if (page) countRows(response!, page);
      });
      readable(() => readPreparedId(response!));
    }
  });
});
