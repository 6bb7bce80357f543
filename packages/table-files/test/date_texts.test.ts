import { expect, test } from "@jest/globals";
import { dateReader, detectDates, isOpen } from "@keyspaces-segmentation/table-files";
import { fixture } from "../../../test/support/oracle.js";

/** Made by test/fixtures/date_texts.py. */
const { columns, impossible } = fixture<{
  columns: { name: string; texts: string[]; instants: string[] }[];
  impossible: { name: string; column: string[]; texts: string[] }[];
}>("date_texts.json");

function readerOf(values: readonly string[]): (text: string) => Date | undefined {
  const found = detectDates(values, {});
  if (isOpen(found)) throw new Error(found.got);
  return dateReader(found.value);
}

test.each(columns)("$name", ({ texts, instants }) => {
  const read = readerOf(texts);
  expect(texts.map((text) => read(text)?.toISOString())).toEqual(instants);
});

test.each(impossible)("no date of $name", ({ column, texts }) => {
  const read = readerOf(column);
  expect(texts.map(read)).toEqual(texts.map(() => undefined));
});

const DAYS = Array.from({ length: 12 }, (_, month) => new Date(Date.UTC(2023, month, 13 + month)));

test.each(["bg", "ca", "cs", "el", "et", "fi", "hu", "id", "lt", "ms", "ro", "ru", "sk", "sl", "uk"])(
  "months by name in %s",
  (locale) => {
    const format = new Intl.DateTimeFormat(locale, { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
    // Hungarian has the year in front.
    const texts = DAYS.map((day) => format.format(day).replace(/^(\d{4})\. (\S+) (\d+)\.$/, "$3. $2 $1"));
    const read = readerOf(texts);
    expect(texts.map((text) => read(text)?.toISOString())).toEqual(DAYS.map((day) => day.toISOString()));
  },
);

test.each(["de", "fr", "es", "it", "nl", "pl", "pt", "sv", "da"])("days of the week in %s", (locale) => {
  const texts = DAYS.map((day) => new Intl.DateTimeFormat(locale, { dateStyle: "full", timeZone: "UTC" }).format(day));
  const read = readerOf(texts);
  expect(texts.map((text) => read(text)?.toISOString())).toEqual(DAYS.map((day) => day.toISOString()));
});

test.each([
  ["2023/8/13 下午 1:27:05", "2023/8/13 上午 12:05:00"],
  ["2023. 8. 13. 오후 1:27:05", "2023. 8. 13. 오전 12:05:00"],
  ["13/8/2023 1:27:05 μμ", "13/8/2023 12:05 π.μ."],
  ["٢٠٢٣-٠٨-١٣ ١٣:٢٧:٠٥", "٢٠٢٣-٠٨-١٣ ٠٠:٠٥"],
  ["2023／08／13 13：27：05", "2023／08／13 00：05"],
])("times and digits of other scripts: %s", (...texts) => {
  const read = readerOf(texts);
  expect(texts.map((text) => read(text)?.toISOString().slice(0, 19))).toEqual([
    "2023-08-13T13:27:05",
    "2023-08-13T00:05:00",
  ]);
});

test("days that a program has taken for numbers", () => {
  const read = readerOf(["20230813.0", "20230125.0"]);
  expect(read("20230813.0")?.toISOString().slice(0, 10)).toBe("2023-08-13");
  // Two digits of the year and the number of the day in it are no serial numbers.
  expect(isOpen(detectDates(["23001", "23225", "24366"], {}))).toBe(true);
});
