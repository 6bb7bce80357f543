import { inspect } from "node:util";
import { describe, expect, test } from "@jest/globals";
import { loadDanfo } from "@keyspaces-segmentation/notebook-charts/dist/column_frame.js";
import {
  columnOf,
  type DataFrame,
  firstRows,
  mapRows,
  numbersOf,
  showFrame,
  toFrame,
  withColumns,
} from "@keyspaces-segmentation/notebook-charts/dist/frame.js";
import { usePrinted } from "../../../test/support/printed.js";

const danfo = loadDanfo();
usePrinted();

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
  expect(more.columns).toEqual(["id", "days", "money", "note", "score"]);
  expect(more.dtypes).toEqual(["string", "int32", "float32", "string", "string"]);
  expect(mapRows(more, ["id", "days", "score"], (...cells) => cells.join(" "))).toEqual([
    "0 9 555",
    "1 8 111",
    "2 7 234",
  ]);
  expect(columnOf(frame, "days")).toEqual([0, 1, 2]);
});

test.each([[[1, 2]], [[1, 2, 3, 4]], [[]]])("a further column of another length is refused: %j", (score) => {
  expect(() => withColumns(toFrame(customers(3)), { score })).toThrow(
    `Expected \`score\` to be a column of 3 rows, got ${score.length}`,
  );
  expect(withColumns(toFrame([], ["id"]), { score: [] }).columns).toEqual(["id", "score"]);
});

test("rows keep the names that danfo has given them", () => {
  const frame = toFrame(customers(6));
  const some = frame.query(frame.column("days").gt(2)) as DataFrame;
  const more = withColumns(some, { score: [1, 2, 3] });
  expect(more.index).toEqual(some.index);
  expect(firstRows(withColumns(some, { score: [1, 2, 3] }), 2).index).toEqual(some.index.slice(0, 2));
  expect(firstRows(some, 2).values).toEqual(some.values.slice(0, 2));
});

test.each([false, true])(
  "of two frames with the same columns each is written to alone, rows asked for before: %s",
  (before) => {
    const frame = toFrame(customers(3));
    if (before) frame.head(1);
    const more = withColumns(frame, { score: [1, 2, 3] });
    const most = withColumns(more, { note: ["a", "b", "c"] });
    Reflect.set(frame, "money", [7, 8, 9]);
    (more.values[1] as unknown[])[2] = 99;
    more.index[0] = "first";
    expect(columnOf(frame, "money")).toEqual([7, 8, 9]);
    expect(columnOf(more, "money")).toEqual([0.25, 99, 2.25]);
    expect(columnOf(most, "money")).toEqual([0.25, 1.25, 2.25]);
    expect([frame.index, more.index, most.index]).toEqual([[0, 1, 2], ["first", 1, 2], [0, 1, 2]]); // biome-ignore format: a table
  },
);

test("what further columns were made of may be written to afterwards", () => {
  const [r, names, flags, sums] = [Uint8Array.of(1, 2), ["a", "b"], [true, false], [1, 2]];
  const more = withColumns(toFrame(customers(2)), { r, names, flags, sums });
  r[0] = 9;
  names[0] = "z";
  flags[0] = false;
  sums[0] = 9;
  expect(["r", "names", "flags", "sums"].map((name) => columnOf(more, name)[0])).toEqual([1, "a", true, 1]);
});

test("each cell of a frame whose rows were asked for is read once", () => {
  const frame = toFrame(customers(3));
  let reads = 0;
  frame.values[0] = new Proxy(frame.values[0] as [], {
    get: (row, at) => {
      reads++;
      return Reflect.get(row, at);
    },
  });
  const more = withColumns(frame, { score: [1, 2, 3] });
  expect([firstRows(more, 2).values.length, more.values.length]).toEqual([2, 3]);
  expect(reads).toBe(4);
  showFrame(firstRows(frame, 2));
  expect(reads).toBe(8);
});

test("a frame that is printed shows what danfo's own would", () => {
  const frame = () => toFrame([{ id: "1", days: 2 }]);
  const theirs = new danfo.DataFrame([["1", 2]], { columns: ["id", "days"], dtypes: ["string", "int32"] });
  expect(inspect(frame())).toBe(inspect(theirs));
  expect(inspect({ frame: frame() })).toBe(inspect({ frame: theirs }));
  expect(JSON.stringify(frame())).toBe(JSON.stringify(theirs));
});

test("a column may have the name of what danfo calls its own, and there may be no rows", () => {
  const rows = [0, 1, 2].map((i) => ({ index: i + 0.5, shape: i, size: "s", values: i }));
  const frame = toFrame(rows);
  const asked = toFrame(rows.map(({ index, shape, size }) => ({ index, shape, size })));
  expect([columnOf(frame, "values"), columnOf(frame, "size")]).toEqual([[0, 1, 2], ["s", "s", "s"]]); // biome-ignore format: a table
  expect(asked.column("shape").values).toEqual([0, 1, 2]);
  for (const each of [frame, asked]) {
    expect([columnOf(each, "index"), columnOf(each, "shape")]).toEqual([[0.5, 1.5, 2.5], [0, 1, 2]]); // biome-ignore format: a table
    expect(columnOf(firstRows(each, 2), "index")).toEqual([0.5, 1.5]);
    expect(columnOf(withColumns(each, { more: [1, 2, 3] }), "index")).toEqual([0.5, 1.5, 2.5]);
  }
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

test("whole numbers are an int32 column of what they were, a zero with its sign", () => {
  const frame = toFrame([{ a: -0 }, { a: 2 ** 31 - 1 }]);
  expect([frame.dtypes, columnOf(frame, "a"), frame.values]).toEqual([["int32"], [-0, 2 ** 31 - 1], [[-0], [2 ** 31 - 1]]]); // biome-ignore format: a table
});
