import { describe, expect, test } from "@jest/globals";
import { loadDanfo } from "@keyspaces-segmentation/notebook-charts/dist/column_frame.js";
import {
  columnOf,
  type DataFrame,
  firstRows,
  mapRows,
  numbersOf,
  toFrame,
  withColumns,
} from "@keyspaces-segmentation/notebook-charts/dist/frame.js";

const danfo = loadDanfo();

function customers(count: number): { id: string; days: number; money: number; note: string | null }[] {
  return Array.from({ length: count }, (_, i) => {
    return { id: String(i), days: i % 7, money: i + 0.25, note: i % 2 ? "odd" : null };
  });
}

const rowsOf = (count: number) => customers(count).map(({ id, days, money, note }) => [id, days, money, note]);
/** As danfo itself makes it of the same rows. */
const madeByDanfo = (count: number): DataFrame =>
  new danfo.DataFrame(rowsOf(count), { columns: ["id", "days", "money", "note"] });

// danfo keeps few rows by columns as well, and many not.
describe.each([5, 10_001])("a frame of %i rows is danfo's", (count) => {
  const frame = () => toFrame(customers(count));

  test("in what it holds", () => {
    expect(frame()).toBeInstanceOf(danfo.DataFrame);
    expect(frame().shape).toEqual([count, 4]);
    expect(frame().columns).toEqual(["id", "days", "money", "note"]);
    expect(frame().values).toEqual(rowsOf(count));
    expect(frame().index).toEqual(madeByDanfo(count).index);
    const asked = frame();
    expect([asked.values.length, asked.shape, asked.size]).toEqual([count, [count, 4], 4 * count]);
  });

  test("in what it does", () => {
    const [ours, theirs] = [frame(), madeByDanfo(count)];
    expect(ours.head(3).values).toEqual(theirs.head(3).values);
    expect(ours.column("days").values).toEqual(theirs.column("days").values);
    expect(frame().query(frame().column("days").gt(3)).shape).toEqual(theirs.query(theirs.column("days").gt(3)).shape);
    expect(frame().loc({ columns: ["money"] }).values).toEqual(theirs.loc({ columns: ["money"] }).values);
    expect(String(frame().head(2))).toBe(String(theirs.head(2)));
    expect(frame().groupby(["note"]).col(["money"]).sum().values).toEqual(
      theirs.groupby(["note"]).col(["money"]).sum().values,
    );
  });

  test("in what is done to it, which our functions see", () => {
    const changed = frame();
    changed.rename({ days: "age" }, { inplace: true });
    const twice = Array.from(numbersOf(changed, "age"), (days) => 2 * days);
    changed.addColumn("twice", twice, { inplace: true });
    changed.drop({ columns: ["note"], inplace: true });
    expect(changed.shape).toEqual([count, 4]);
    expect(columnOf(changed, "twice").slice(0, 4)).toEqual([0, 2, 4, 6]);
    expect(() => numbersOf(changed, "days")).toThrow("one with id, age, money, twice");
    const written = frame();
    (written.values[0] as unknown[])[2] = 99;
    expect(numbersOf(written, "money")[0]).toBe(99);
  });
});

test("further columns leave the frame that they are added to, and its rows need not be made", () => {
  const frame = toFrame(customers(3));
  const more = withColumns(frame, { days: Uint8Array.of(9, 8, 7), score: ["555", "111", "234"] });
  expect(Object.getOwnPropertyDescriptor(more, "$data")?.get).toBeDefined();
  expect(Object.getOwnPropertyDescriptor(frame, "$data")?.get).toBeDefined();
  expect(more.columns).toEqual(["id", "money", "note", "days", "score"]);
  expect(more.dtypes).toEqual(["string", "float32", "string", "int32", "string"]);
  expect(mapRows(more, ["id", "days", "score"], (...cells) => cells.join(" "))).toEqual([
    "0 9 555",
    "1 8 111",
    "2 7 234",
  ]);
  expect(columnOf(frame, "days")).toEqual([0, 1, 2]);
});

test("rows keep the names that danfo has given them", () => {
  const frame = toFrame(customers(6));
  const some = frame.query(frame.column("days").gt(2)) as DataFrame;
  const more = withColumns(some, { score: [1, 2, 3] });
  expect(more.index).toEqual(some.index);
  expect(firstRows(withColumns(some, { score: [1, 2, 3] }), 2).index).toEqual(some.index.slice(0, 2));
  expect(firstRows(some, 2).values).toEqual(some.values.slice(0, 2));
});

test("a column may have the name of what danfo calls its own, and there may be no rows", () => {
  const frame = toFrame([{ shape: 1, size: 2 }]);
  expect([numbersOf(frame, "shape")[0], numbersOf(frame, "size")[0]]).toEqual([1, 2]);
  const nobody = toFrame([], ["id", "days"]);
  expect([nobody.shape, mapRows(nobody, ["id"], String), firstRows(nobody, 5).shape]).toEqual([[0, 2], [], [0, 2]]);
});

test("a missing number is NaN in danfo too, a missing text null", () => {
  const frame = toFrame([
    { a: null, b: null },
    { a: 2, b: "x" },
  ]);
  expect(frame.values).toEqual([[Number.NaN, null], [2, "x"]]); // biome-ignore format: a table
});
