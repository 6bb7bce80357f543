import { expect, test } from "@jest/globals";
import { ArgumentError } from "@keyspaces-segmentation/common";
import { isOpen } from "@keyspaces-segmentation/table-files";
import { decideEncoding } from "@keyspaces-segmentation/table-files/dist/encoding.js";
import { cutSample, wholeSample } from "./samples.js";

const TEXT = "Invoice;Price\r\n1;2\r\n3;Größe\r\n";
const wide = (text: string): Buffer => Buffer.from(text, "utf16le");
const latin1 = (text: string): Buffer => Buffer.from(text, "latin1");

test.each<[string, Uint8Array, string, string]>([
  ["ASCII", Buffer.from("a,b\n1,2\n"), "utf-8", "certain"],
  ["UTF-8", Buffer.from(TEXT), "utf-8", "certain"],
  ["UTF-8 with a mark", Buffer.from(`\uFEFF${TEXT}`), "utf-8", "certain"],
  ["UTF-8 with lines of Windows-1252", Buffer.concat([Buffer.from(TEXT), latin1("4;\xa35\n")]), "utf-8", "likely"],
  ["UTF-8 with NULs for nothing", Buffer.from("a,b,c\n\0,\0,\0\n1,\0,2\n\0,\0,\0\n"), "utf-8", "certain"],
  ["UTF-8 with NULs at its end", Buffer.from(`a,b\n1,2\n${"\0".repeat(100_000)}`), "utf-8", "certain"],
  ["UTF-16 LE with a mark", wide(`\uFEFF${TEXT}`), "utf-16le", "certain"],
  ["UTF-16 BE with a mark", wide(`\uFEFF${TEXT}`).swap16(), "utf-16be", "certain"],
  ["UTF-16 LE", wide(TEXT), "utf-16le", "certain"],
  ["UTF-16 BE", wide(TEXT).swap16(), "utf-16be", "certain"],
  ["UTF-16 LE of Cyrillic", wide("Счёт;Товар;Цена\r\n489434;Кружка красная большая;12,50\r\n"), "utf-16le", "certain"],
  ["UTF-16 LE with NULs at its end", wide(`${TEXT}${"\0".repeat(5000)}`), "utf-16le", "certain"],
  ["Windows-1252", latin1("a;b\n1;Gr\xf6\xdfe\n2;\x80\n"), "windows-1252", "likely"],
  ["Windows-1252, lines of old Macs", latin1("a;b\r1;Gr\xf6\xdfe\r2;\x80\r"), "windows-1252", "likely"],
])("%s", (_, bytes, value, confidence) => {
  expect(decideEncoding(wholeSample(bytes))).toMatchObject({ value, confidence, evidence: expect.any(String) });
});

test("pieces of UTF-8 that begin and end within characters", () => {
  const bytes = Buffer.from("ab;€€€€\n".repeat(1000));
  for (const length of [1001, 1002, 1003]) {
    expect(decideEncoding(cutSample(bytes, length))).toMatchObject({ value: "utf-8", confidence: "certain" });
  }
});

test("bytes that Windows-1252 has no character for are asked about, with the lines as either would read them", () => {
  const question = decideEncoding(wholeSample(latin1("Artikel;Preis\nplain;1\nK\x81hlschrank;2\n")));
  if (!isOpen(question)) throw new Error("decided");
  expect(question.parameter).toBe("encoding");
  expect(question.choices).toContainEqual({ value: "ibm850", reads: ["Kühlschrank;2"] });
});

test("of bytes that Shift_JIS has characters for, that is a choice, and of others not", () => {
  const choicesOf = (bytes: Uint8Array): string[] => {
    const question = decideEncoding(wholeSample(bytes));
    if (!isOpen(question)) throw new Error("decided");
    return question.choices.map(({ value }) => value);
  };
  // Two lines of 注文.
  const japanese = latin1("\x92\x8d\x95\xb6;1\n\x92\x8d\x95\xb6;\x81\x40\n");
  expect(choicesOf(japanese)).toContain("shift_jis");
  expect(choicesOf(latin1("K\x81;1\nM\x94;\xff\n"))).not.toContain("shift_jis");
  // München, as DOS wrote it.
  expect(choicesOf(latin1("M\x81nchen;1\nBonn;2\n"))).toEqual(["windows-1252", "ibm850", "macintosh", "windows-1250"]);
});

test.each([
  ["latin1", "windows-1252"],
  ["cp850", "ibm850"],
  ["UTF-8-sig", "utf-8"],
  ["mac_roman", "macintosh"],
  ["Shift_JIS", "shift_jis"],
])("a parameter names it: %s", (given, value) => {
  expect(decideEncoding(wholeSample(TEXT), given)).toMatchObject({ value, confidence: "given" });
});

test("UTF-16 that is given goes by the mark", () => {
  expect(decideEncoding(wholeSample(wide("\uFEFFa").swap16()), "UTF-16")).toMatchObject({ value: "utf-16be" });
  expect(decideEncoding(wholeSample(wide("\uFEFFa")), "utf-16")).toMatchObject({ value: "utf-16le" });
});

test("an unknown name is refused", () => {
  expect(() => decideEncoding(wholeSample(TEXT), "klingon")).toThrow(ArgumentError);
});
