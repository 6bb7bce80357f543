import { expect, test } from "@jest/globals";
import { ArgumentError } from "@keyspaces-segmentation/common";
import { isOpen } from "@keyspaces-segmentation/table-files";
import { decideEncoding } from "@keyspaces-segmentation/table-files/dist/text/encoding.js";
import { cutSample, wholeSample } from "./samples.js";

const TEXT = "Invoice;Price\r\n1;2\r\n3;Größe\r\n";
const wide = (text: string): Buffer => Buffer.from(text, "utf16le");
const choicesOf = (bytes: Uint8Array): string[] => {
  const question = decideEncoding(wholeSample(bytes));
  if (!isOpen(question)) throw new Error("decided");
  return question.choices.map(({ value }) => value);
};
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
  expect(decideEncoding(wholeSample(TEXT), { given })).toMatchObject({ value, confidence: "given" });
});

/** A table in Windows-1252 whose lines have single accents. */
const below = (names: string): string => `${names}\n${"1000;2023-01-01;M\xfcller;2;2,5\n".repeat(40)}`;

test.each([
  ["an ornament", "\xab\xab\xab\xab Bericht \xbb\xbb\xbb\xbb"],
  ["degrees", "\xb0\xb0\xb0\xb0;Umsatz;;;"],
  ["a title", "Bericht \xab\xc4\xd6\xdc\xdf\xbb;;;;"],
  ["a column of ornaments", "\xa4\xa4\xa4\xa4;Datum;Kunde;Menge;Preis"],
  ["cubic metres", "Rechnung;Datum;Kunde;m\xb3netto;Preis"],
  ["a mark before a word", "Factura;Fecha;Nota\xbfsi;Cantidad;Precio"],
])("a first line with other signs says nothing of the encoding: %s", (_what, names) => {
  expect(decideEncoding(wholeSample(latin1(below(names))))).toMatchObject({ value: "windows-1252" });
});

test("names of columns that are no words in Windows-1252 are asked about", () => {
  const cyrillic = "\xd1\xf7\xb8\xf2;\xc4\xe0\xf2\xe0;\xca\xeb\xe8\xe5\xed\xf2;\xca\xee\xeb;\xd6\xe5\xed\xe0";
  expect(choicesOf(latin1(below(cyrillic)))).toContain("windows-1251");
});

test("UTF-16 that is given goes by the mark", () => {
  expect(decideEncoding(wholeSample(wide("\uFEFFa").swap16()), { given: "UTF-16" })).toMatchObject({
    value: "utf-16be",
  });
  expect(decideEncoding(wholeSample(wide("\uFEFFa")), { given: "utf-16" })).toMatchObject({ value: "utf-16le" });
});

test("an unknown name is refused", () => {
  expect(() => decideEncoding(wholeSample(TEXT), { given: "klingon" })).toThrow(ArgumentError);
});

/** Names of columns that are known here. */
const NAMES = [
  "Ilość",
  "Cena",
  "Müşteri",
  "Количество",
  "Цена",
  "Клиент",
  "数量",
  "単価",
  "顧客",
  "Menge",
  "Größe",
  "Preis",
];
const namesIn = (line: string): number =>
  line.split(";").filter((name) => NAMES.includes(name.replace(/[^\p{L}\p{N}]/gu, ""))).length;

test.each<[string, Uint8Array]>([
  // Ilość;Cena;Preis
  ["windows-1250", latin1("Ilo\x9c\xe6;Cena;Preis\n1;2;\xb3\n")],
  ["iso-8859-2", latin1("Ilo\xb6\xe6;Cena;Preis\n1;2;\xb1\n")],
  // Müşteri;Menge;Preis
  ["windows-1254", latin1("M\xfc\xfeteri;Menge;Preis\n1;2;3\n")],
  // Количество;Цена;Клиент
  [
    "windows-1251",
    latin1("\xca\xee\xeb\xe8\xf7\xe5\xf1\xf2\xe2\xee;\xd6\xe5\xed\xe0;\xca\xeb\xe8\xe5\xed\xf2\n1;2;3\n"),
  ],
  ["koi8-r", latin1("\xeb\xcf\xcc\xc9\xde\xc5\xd3\xd4\xd7\xcf;\xe3\xc5\xce\xc1;\xeb\xcc\xc9\xc5\xce\xd4\n1;2;3\n")],
  // 数量;単価;顧客
  ["shift_jis", latin1("\x90\x94\x97\xca;\x92P\x89\xbf;\x8c\xda\x8bq\n1;2;\x92\x8d\n")],
  ["euc-jp", latin1("\xbf\xf4\xce\xcc;\xc3\xb1\xb2\xc1;\xb8\xdc\xb5\xd2\n1;2;3\n")],
  // Größe;Menge;Preis
  ["ibm850", latin1("Gr\x94\xe1e;Menge;Preis\n1;2;3\n")],
])("names of columns tell %s", (encoding, bytes) => {
  expect(decideEncoding(wholeSample(bytes), { namesIn })).toMatchObject({
    value: encoding,
    evidence: expect.stringMatching(/^its header has 3 names of columns so, and \d in Windows-1252$/),
    confidence: "likely",
  });
});

test.each<[string, Uint8Array]>([
  ["its names are as many in Windows-1252", latin1("Gr\xf6\xdfe;Menge;Preis\n1;2;M\xfcller\n")],
  ["its names are of ASCII", latin1("Menge;Preis;Cena\n1;2;M\xfcller\n")],
  ["a sign is left out of a name elsewhere: Menge³", latin1("Menge\xb3;Preis;Cena;M\xfcller\n1;2;3\n")],
  ["two names are chance", latin1("Ilo\x9c\xe6;Cena;X\n1;2;M\xfcller\n")],
])("Windows-1252 stays where %s", (_, bytes) => {
  expect(decideEncoding(wholeSample(bytes), { namesIn })).toMatchObject({ value: "windows-1252" });
});
