import { expect, test } from "@jest/globals";
import { noCounts } from "@keyspaces-segmentation/table-files";
import { lineDecoder } from "@keyspaces-segmentation/table-files/dist/text/decode.js";

/** The text of bytes that come in chunks of this size. */
function decoded(bytes: Uint8Array, encoding: string, size = bytes.length, lineEnd: "lf" | "cr" = "lf") {
  const counts = noCounts();
  const decode = lineDecoder({ encoding, lineEnd }, counts);
  const texts: string[] = [];
  for (let at = 0; at < bytes.length; at += size) {
    const chunk = new Uint8Array(bytes.subarray(at, at + size));
    texts.push(decode(chunk));
    chunk.fill(0x41);
  }
  expect(texts.filter((text) => text !== "" && !text.endsWith("\n"))).toEqual([]);
  return { text: texts.join("") + decode(undefined), counts };
}

const TEXT = "Größe;€ 5\r\n“x”;y\nlast – line";

test.each([1, 2, 3, 7, 1000])("UTF-8 and UTF-16 with and without marks, in chunks of %i", (size) => {
  for (const mark of ["", "\uFEFF", "\uFEFF\uFEFF"]) {
    const wide = Buffer.from(mark + TEXT, "utf16le");
    expect(decoded(Buffer.from(mark + TEXT), "utf-8", size).text).toBe(TEXT);
    expect(decoded(wide, "utf-16le", size).text).toBe(TEXT);
    expect(decoded(Buffer.from(wide).swap16(), "utf-16be", size).text).toBe(TEXT);
  }
});

test.each([
  ["windows-1252", [0x80, 0x31, 0x96, 0xfc, 0x0a], "€1–ü\n"],
  ["ibm850", [0x81, 0x84, 0xe1, 0x9c, 0x0a], "üäß£\n"],
  ["macintosh", [0x8a, 0xa7, 0xdb, 0x0a], "äß€\n"],
  ["iso-8859-2", [0xe8, 0xa9, 0x0a], "čŠ\n"],
])("eight bits: %s", (encoding, bytes, text) => {
  expect(decoded(Uint8Array.from(bytes), encoding).text).toBe(text);
});

test("a line of a UTF-8 file in Windows-1252 is read as such; one that was cut within a character is not", () => {
  const line = (...bytes: number[]): Buffer => Buffer.from([...bytes, 0x0a]);
  const bytes = Buffer.concat([
    Buffer.from("é\n"),
    line(0x80, 0x35),
    Buffer.from("ü\n"),
    line(0x61, 0xe2, 0x80, 0x9d, 0xe2, 0x80),
  ]);
  const { text, counts } = decoded(bytes, "utf-8", 3);
  expect(text).toBe("é\n€5\nü\na”\uFFFD\n");
  expect([counts.linesInWindows1252, counts.damagedLines]).toEqual([1, 1]);
});

test.each([
  ["windows-1252", [0xfc], "ü"],
  ["iso-8859-2", [0xe8], "č"],
  ["macintosh", [0x8a], "ä"],
  ["ibm850", [0x81], "ü"],
])("a line of UTF-8 in a file in %s is read as such, and counted", (encoding, bytes, letter) => {
  const lines = [
    ...[Buffer.from(bytes), Buffer.from("Größe – ü"), Buffer.from("x"), Buffer.from("Łódź")],
    // NESCAFÉ® in Windows-1252, which would be ɮ in UTF-8.
    Buffer.from("NESCAF\xc9\xae", "latin1"),
  ];
  const joined = Buffer.concat(lines.flatMap((line) => [line, Buffer.from("\n")]));
  const { text, counts } = decoded(joined, encoding, 3);
  expect(text.split("\n").slice(0, 4)).toEqual([letter, "Größe – ü", "x", "Łódź"]);
  if (encoding === "windows-1252") expect(text.split("\n")[4]).toBe("NESCAFÉ®");
  expect(counts.linesInUtf8).toBe(2);
});

test.each([1, 4, 1000])(
  "NULs are left out and counted, a block of them at the end is no line: chunks of %i",
  (size) => {
    const text = `a\0b,\0\nc,d\n${"\0".repeat(4096)}`;
    for (const [bytes, encoding] of [
      [Buffer.from(text), "utf-8"],
      [Buffer.from(text, "utf16le"), "utf-16le"],
    ] as const) {
      const read = decoded(bytes, encoding, size);
      expect(read.text).toBe("ab,\nc,d\n");
      expect(read.counts.nulBytes).toBe(4098);
    }
  },
);

test.each([1, 2, 5, 1000])("carriage returns alone end lines where the file says so, in chunks of %i", (size) => {
  const text = "a\rb\r\nc\nd\r\re\r";
  for (const [bytes, encoding] of [
    [Buffer.from(text), "utf-8"],
    [Buffer.from(text), "windows-1252"],
    [Buffer.from(text, "utf16le"), "utf-16le"],
  ] as const) {
    expect(decoded(bytes, encoding, size, "cr").text).toBe("a\nb\r\nc\nd\n\ne\n");
  }
});

test.each([4096, 65_536, 3_000_000])(
  "of a line longer than 1 MiB as much is kept as tells that, in chunks of %i",
  (size) => {
    const text = `a\n${"x".repeat(1_500_000)}\nb\n`;
    for (const [bytes, encoding] of [
      [Buffer.from(text), "utf-8"],
      [Buffer.from(text, "utf16le"), "utf-16le"],
    ] as const) {
      expect(decoded(bytes, encoding, size).text).toBe(`a\n${"x".repeat(2 ** 20 + 1)}\nb\n`);
    }
  },
);
