import { describe, expect, test } from "@jest/globals";
import { AwsError } from "@keyspaces-segmentation/local-support";
import { decodeCbor, encodeCbor } from "@keyspaces-segmentation/local-support/dist/aws/cbor.js";
import { seededRandom } from "@keyspaces-segmentation/local-support/dist/seeded_random.js";

// https://www.rfc-editor.org/rfc/rfc8949#name-examples-of-encoded-cbor-da
const both: [hex: string, value: unknown][] = [
  ["00", 0],
  ["17", 23],
  ["1818", 24],
  ["1864", 100],
  ["1903e8", 1000],
  ["1a000f4240", 1_000_000],
  ["1b000000e8d4a51000", 1_000_000_000_000],
  ["20", -1],
  ["3863", -100],
  ["3903e7", -1000],
  ["fb3ff199999999999a", 1.1],
  ["fbc010666666666666", -4.1],
  ["f4", false],
  ["f5", true],
  ["f6", null],
  ["60", ""],
  ["6449455446", "IETF"],
  ["62c3bc", "ü"],
  ["4401020304", Buffer.from([1, 2, 3, 4])],
  ["80", []],
  ["8301820203820405", [1, [2, 3], [4, 5]]],
  ["a0", {}],
  ["a26161016162820203", { a: 1, b: [2, 3] }],
];
const readOnly: [hex: string, value: unknown][] = [
  ["f90000", 0],
  ["f93c00", 1],
  ["f93e00", 1.5],
  ["f97bff", 65_504],
  ["f90001", 2 ** -24],
  ["f9c400", -4],
  ["f97c00", Number.POSITIVE_INFINITY],
  ["fa47c35000", 100_000],
  ["f7", null],
  ["c11a514b67b0", 1_363_896_240],
  ["c1fb41d452d9ec200000", 1_363_896_240.5],
  ["5f42010243030405ff", Buffer.from([1, 2, 3, 4, 5])],
  ["7f657374726561646d696e67ff", "streaming"],
  ["9fff", []],
  ["9f018202039f0405ffff", [1, [2, 3], [4, 5]]],
  ["bf61610161629f0203ffff", { a: 1, b: [2, 3] }],
];

describe("RFC 8949's examples", () => {
  test.each([...both, ...readOnly])("%s is read", (hex, value) => {
    expect(decodeCbor(Buffer.from(hex, "hex"))).toEqual(value);
  });
  test.each(both)("%s is written", (hex, value) => {
    expect(encodeCbor(value).toString("hex")).toBe(hex);
  });
});

test("a date is a timestamp, and what is undefined is left out", () => {
  const at = new Date(1_363_896_240_500);
  expect(encodeCbor({ at, nothing: undefined }).toString("hex")).toBe("a1626174c1fb41d452d9ec200000");
});

test("what is no CBOR, or ends early, or has more behind it, is refused, and nothing else happens", () => {
  const random = seededRandom(1);
  const others: unknown[] = [];
  const attempt = (bytes: Buffer) => {
    try {
      decodeCbor(bytes);
    } catch (error) {
      if (!(error instanceof AwsError)) others.push(error);
    }
  };
  for (const [hex] of both.filter(([each]) => each.length > 2)) {
    expect(() => decodeCbor(Buffer.from(hex.slice(0, -2), "hex"))).toThrow("The request is not CBOR.");
    expect(() => decodeCbor(Buffer.from(`${hex}00`, "hex"))).toThrow("The request is not CBOR.");
  }
  for (let round = 0; round < 20_000; round++) {
    attempt(Buffer.from(Array.from({ length: Math.floor(random() * 24) }, () => Math.floor(random() * 256))));
  }
  for (const first of [0x81, 0xa1, 0xc1, 0x9f]) attempt(Buffer.alloc(2 ** 20, first));
  // As many items as there can be, of which there is none.
  for (const first of ["9b", "bb", "5b", "7b"]) attempt(Buffer.from(`${first}ffffffffffffffff`, "hex"));
  expect(others).toEqual([]);
});
