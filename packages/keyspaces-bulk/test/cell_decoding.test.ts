import { expect, test } from "@jest/globals";
import { formatDecimal } from "@keyspaces-segmentation/common/dist/decimal.js";
import {
  decimalReader,
  readInt,
  runningTextReader,
  textReader,
  timestampReader,
} from "@keyspaces-segmentation/keyspaces-bulk/dist/cell_decoding.js";
import { RowCursor } from "@keyspaces-segmentation/keyspaces-bulk/dist/driver/packed_rows.js";
import { type CellBytes, int32, int64, packedRows } from "../../../test/support/fake_table.js";

/** The values of a column, one row after the other, by one reader. */
function valuesOf<T>(read: (row: RowCursor, column: number) => T, cells: CellBytes[]): T[] {
  const row = new RowCursor(packedRows(cells.map((cell) => [null, cell])), 2);
  const values: T[] = [];
  while (row.next()) values.push(read(row, 1));
  return values;
}

test("texts, repeated, long, empty and missing", () => {
  const texts = ["United Kingdom", "Ελλάδα", "", "x".repeat(65), "United Kingdom", "x".repeat(100_000), "😀", "Ελλάδα"];
  expect(
    valuesOf(
      textReader(),
      texts.map((text) => Buffer.from(text)),
    ),
  ).toEqual(texts);
  expect(valuesOf(textReader(), [null, Buffer.from("a"), null])).toEqual([null, "a", null]);
});

test("more distinct texts than are remembered", () => {
  const texts = Array.from({ length: 30_000 }, (_, i) => `C${(i * 7919) % 10_007}`);
  expect(
    valuesOf(
      textReader(),
      texts.map((text) => Buffer.from(text)),
    ),
  ).toEqual(texts);
});

test("running texts, repeated, changed in any place, long, empty and missing", () => {
  const texts = [
    "536365",
    "536365",
    "536366",
    "C36366",
    "",
    "",
    "x".repeat(65),
    "x".repeat(64),
    "x".repeat(65),
    "536366",
  ];
  expect(
    valuesOf(
      runningTextReader(),
      texts.map((text) => Buffer.from(text)),
    ),
  ).toEqual(texts);
  expect(valuesOf(runningTextReader(), [Buffer.from("a"), null, Buffer.from("a")])).toEqual(["a", null, "a"]);
});

test("texts of the same hash place that begin alike, or that others end with, are told apart", () => {
  const read = textReader();
  const texts = Array.from({ length: 20_000 }, (_, i) => `${i % 10_000}`.padStart(1 + (i % 7), "0"));
  expect(
    valuesOf(
      read,
      texts.map((text) => Buffer.from(text)),
    ),
  ).toEqual(texts);
});

test.each([textReader, runningTextReader])(
  "what %p remembers does not change with the page that it came from",
  (reader) => {
    const read = reader();
    const page = packedRows([[Buffer.from("France")]]);
    const first = new RowCursor(page, 1);
    first.next();
    expect(read(first, 0)).toBe("France");
    page.bytes.fill(0);
    expect(valuesOf(read, [Buffer.from("France"), Buffer.alloc(6)])).toEqual(["France", "\0".repeat(6)]);
  },
);

test("whole numbers", () => {
  const numbers = [0, 1, -1, 2 ** 31 - 1, -(2 ** 31)];
  expect(valuesOf(readInt, numbers.map(int32))).toEqual(numbers);
  expect(valuesOf(readInt, [null, Buffer.alloc(0)])).toEqual([null, null]);
});

test("moments", () => {
  const times = ["2009-12-01T07:45:00Z", "2009-12-01T07:45:00Z", "1969-12-31T23:59:59.999Z", "0001-01-01T00:00:00Z"];
  const dates = times.map((time) => new Date(time));
  expect(
    valuesOf(
      timestampReader(),
      dates.map((date) => int64(BigInt(date.getTime()))),
    ),
  ).toEqual(dates);
  expect(valuesOf(timestampReader(), [null, Buffer.alloc(0)])).toEqual([null, null]);
});

test.each([
  ["00000002 0127", "2.95"],
  ["00000002 fb", "-0.05"],
  ["00000000 00", "0"],
  ["00000000 7f", "127"],
  ["00000000 80", "-128"],
  ["00000000 0080", "128"],
  ["00000003 00", "0.000"],
  ["00000002 7fffffffffff", "1407374883553.27"],
  ["00000002 80000000000000", "-360287970189639.68"],
  ["00000002 00ffffffffffffffffff", "47223664828696452136.95"],
  ["fffffffd 05", "5000"],
])("the decimal %s is %s", (bytes, text) => {
  const [value] = valuesOf(decimalReader(), [Buffer.from(bytes.replaceAll(" ", ""), "hex")]);
  expect(formatDecimal(value!)).toBe(text);
});

test("a decimal that would take a gigabyte of digits, or has none, is refused", () => {
  expect(() => valuesOf(decimalReader(), [Buffer.from("8000000001", "hex")])).toThrow("scale -2147483648");
  expect(() => valuesOf(decimalReader(), [Buffer.from("00000002", "hex")])).toThrow("no digits");
  expect(valuesOf(decimalReader(), [null])).toEqual([null]);
});
