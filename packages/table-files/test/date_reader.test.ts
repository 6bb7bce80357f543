import { expect, test } from "@jest/globals";
import { type DateFormat, dateReader } from "@keyspaces-segmentation/table-files";

const MONTH_FIRST: DateFormat = {
  order: "month_first",
  separators: ["/"],
  yearThenDay: false,
  pattern: "",
  timeZone: null,
};
const read = dateReader(MONTH_FIRST);

test.each([
  ["12/6/09 10:30", "2009-12-06T10:30:00.000Z"],
  ["12/06/2009 9:05", "2009-12-06T09:05:00.000Z"],
  ["2/29/2012 23:59:59", "2012-02-29T23:59:59.000Z"],
  ["2009-12-06 10:30:00", "2009-12-06T10:30:00.000Z"],
  ["2009-12-06T10:30", "2009-12-06T10:30:00.000Z"],
  ["2009-12-06T10:30:00Z", "2009-12-06T10:30:00.000Z"],
  ["2009-12-06T10:30:00.250Z", "2009-12-06T10:30:00.250Z"],
  ["2009-12-06 10:30:00+00:00", "2009-12-06T10:30:00.000Z"],
  ["2009-12-06T10:30:00+02:00", "2009-12-06T08:30:00.000Z"],
  ["2009-12-06", "2009-12-06T00:00:00.000Z"],
  ["2009-12-06 12:30a", "2009-12-06T00:30:00.000Z"],
  ["2009-12-06 1:30 P", "2009-12-06T13:30:00.000Z"],
  ["2009-12-06 13:30 A", "2009-12-06T13:30:00.000Z"],
  ["2009-12-06T13:30:00A", "2009-12-06T13:30:00.000Z"],
  ["1/1/10 24:00", "2010-01-02T00:00:00.000Z"],
  ["1/1/68 0:00", "2068-01-01T00:00:00.000Z"],
  ["1/1/69 0:00", "1969-01-01T00:00:00.000Z"],
])("%s", (text, iso) => expect(read(text)?.toISOString()).toBe(iso));

test.each([
  "2/29/10 10:00",
  "2/30/12 10:00",
  "4/31/2010 10:00",
  "13/1/10 10:00",
  "0/1/10 10:00",
  "1/0/10 10:00",
  "1/1/10 24:01",
  "1/1/10 10:60",
  "1/1/10 10:00:60",
  "2010-02-29 10:00:00",
  "2010-00-10",
  "0009-12-06",
  "1/1/010 10:00",
  "6.12.2009 10:30",
  "last Tuesday",
  "40153.4375",
  "230118",
  "",
])("%j is no date", (text) => expect(read(text)).toBeUndefined());

test.each([
  ["day_first", "8.1.2023. 12:12", "."],
  ["year_first", "2023. 1. 8. 12:12", "."],
  ["year_first", "2023年1月8日 12:12", "-"],
  ["year_first", "2023년 1월 8일 12:12", "-"],
  ["month_named", "8 stycznia 2023 12:12", "-"],
] as const)("%s: %s", (order, text, separator) => {
  const format = { order, separators: [separator], yearThenDay: false, pattern: "", timeZone: null };
  expect(dateReader(format)(text)?.toISOString()).toBe("2023-01-08T12:12:00.000Z");
});

test("six digits are a date where the column is of such", () => {
  const format = { ...MONTH_FIRST, order: "year_first" as const, separators: [""] };
  expect(dateReader(format)("230118")?.toISOString()).toBe("2023-01-18T00:00:00.000Z");
});
