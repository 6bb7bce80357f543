import { describe, expect, test } from "@jest/globals";
import {
  createFrameDecoder,
  encodeFrame,
  type Frame,
} from "@keyspaces-segmentation/keyspaces-local/dist/protocol/frame.js";

// Written down from the protocol's specification, not made by the code under test.
const options = Buffer.from("040000010500000000", "hex");
const startup = Buffer.from(`040000020100000016${"0001000b43514c5f56455253494f4e0005332e302e30"}`, "hex");
const execute = Buffer.from(`030012340a00000005${"0001ff0006"}`, "hex");
const bytes = Buffer.concat([options, startup, execute]);

const summary = ({ version, stream, opcode, body }: Frame) => [version, stream, opcode, body.toString("hex")];
const expected = [
  [4, 1, 0x05, ""],
  [4, 2, 0x01, "0001000b43514c5f56455253494f4e0005332e302e30"],
  [3, 0x1234, 0x0a, "0001ff0006"],
];

describe("createFrameDecoder", () => {
  test("cuts several frames out of one chunk", () => {
    const { frames, fault } = createFrameDecoder("request", 1024).push(bytes);
    expect(frames.map(summary)).toEqual(expected);
    expect(Buffer.concat(frames.map((frame) => frame.bytes))).toEqual(bytes);
    expect(fault).toBeUndefined();
  });

  test("finds the same frames wherever the bytes are split", () => {
    for (let first = 0; first <= bytes.length; first++) {
      for (let second = first; second <= bytes.length; second++) {
        const decoder = createFrameDecoder("request", 1024);
        const parts = [bytes.subarray(0, first), bytes.subarray(first, second), bytes.subarray(second)];
        const found = parts.flatMap((part) => decoder.push(part).frames).map(summary);
        if (JSON.stringify(found) !== JSON.stringify(expected))
          expect({ first, second, found }).toEqual({ found: expected });
      }
    }
  });

  test("finds the same frames when they come byte by byte", () => {
    const decoder = createFrameDecoder("request", 1024);
    const frames = [...bytes].flatMap((byte) => decoder.push(Buffer.from([byte])).frames);
    expect(frames.map(summary)).toEqual(expected);
  });

  test("refuses another version as soon as the stream is known, on that stream and only once", () => {
    const decoder = createFrameDecoder("request", 1024);
    expect(decoder.push(Buffer.from("4200", "hex"))).toEqual({ frames: [] });
    expect(decoder.push(Buffer.from("0007", "hex"))).toEqual({
      frames: [],
      fault: {
        stream: 7,
        message: "Invalid or unsupported protocol version (66); supported versions are (3/v3, 4/v4)",
      },
    });
    expect(decoder.push(options)).toEqual({ frames: [] });
  });

  test("gives the frames before a fault together with it", () => {
    const { frames, fault } = createFrameDecoder("request", 1024).push(
      Buffer.concat([options, Buffer.from("05000003", "hex")]),
    );
    expect(frames.map(summary)).toEqual([expected[0]]);
    expect(fault?.stream).toBe(3);
  });

  test("takes no responses where requests are due, and the other way round", () => {
    expect(createFrameDecoder("request", 1024).push(Buffer.from("840000000200000000", "hex")).fault).toBeDefined();
    expect(createFrameDecoder("response", 1024).push(options).fault).toBeDefined();
  });

  test("takes a body of the maximum length, and refuses a longer one by its header alone", () => {
    const header = (length: string) => Buffer.from(`0400000507${length}`, "hex");
    expect(
      createFrameDecoder("request", 16).push(Buffer.concat([header("00000010"), Buffer.alloc(16)])).frames,
    ).toHaveLength(1);
    expect(createFrameDecoder("request", 16).push(header("00000011")).fault).toEqual({
      stream: 5,
      message: "Request is too big: length 17 exceeds maximum allowed length 16.",
    });
    expect(createFrameDecoder("request", 1024).push(header("ffffffff")).fault?.message).toContain("4294967295");
  });

  test("survives random bytes with at most one fault a stream", () => {
    let seed = 1;
    const random = () => {
      seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
      return seed >>> 24;
    };
    let most = 0;
    for (let round = 0; round < 2000; round++) {
      const decoder = createFrameDecoder("request", 64);
      let faults = 0;
      for (let chunk = 0; chunk < 8; chunk++) {
        const noise = Buffer.from(Array.from({ length: random() % 32 }, random));
        // Half of them begin like a frame, so that not everything ends at the first byte.
        if (noise[0] !== undefined && round % 2 === 0) noise[0] = 4;
        if (decoder.push(noise).fault) faults++;
      }
      most = Math.max(most, faults);
    }
    expect(most).toBe(1);
  });
});

describe("encodeFrame", () => {
  test("mirrors what the decoder reads", () => {
    const again = createFrameDecoder("request", 1024)
      .push(bytes)
      .frames.map((frame) => encodeFrame("request", frame, frame.body));
    expect(Buffer.concat(again)).toEqual(bytes);
  });

  test("sets the direction bit of a response", () => {
    const frame = encodeFrame("response", { version: 4, stream: -1, opcode: 0x02 }, Buffer.alloc(0));
    expect(frame.toString("hex")).toBe("8400ffff0200000000");
  });
});
