import { describe, expect, test } from "@jest/globals";
import type { InvoiceLine } from "@keyspaces-segmentation/invoices";
import { showFrame, toFrame } from "@keyspaces-segmentation/notebook-charts/dist/frame.js";
import { usePrinted } from "../../../test/support/printed.js";

const LINE: InvoiceLine = {
  invoice: "489434",
  stockCode: "85048",
  line: 1,
  description: null,
  quantity: { unscaled: 12n, scale: 0 },
  invoiceDate: new Date("2009-12-01T07:45:00Z"),
  price: { unscaled: 695n, scale: 2 },
  customerId: "13085",
  country: "United Kingdom",
};
const LINES = [
  LINE,
  { ...LINE, line: 2, quantity: { unscaled: -3n, scale: 0 }, customerId: null, description: "LIGHTS" },
];

describe("toFrame", () => {
  test("holds dates as text, prices as numbers, customer ids as text", () => {
    const frame = toFrame(LINES);
    expect(frame.shape).toEqual([2, 9]);
    expect(frame.values[0]).toEqual([
      "489434",
      "85048",
      1,
      null,
      12,
      "2009-12-01T07:45:00",
      6.95,
      "13085",
      "United Kingdom",
    ]);
    expect(frame.dtypes).toEqual([
      "string",
      "string",
      "int32",
      "string",
      "int32",
      "string",
      "float32",
      "string",
      "string",
    ]);
  });

  test("danfojs can describe, count and group what it holds, missing values and all", () => {
    const frame = toFrame(LINES);
    expect(frame.describe().columns).toEqual(["line", "quantity", "price"]);
    expect(frame.isNa().values).toContainEqual([false, false, false, true, false, false, false, false, false]);
    expect(frame.groupby(["country"]).agg({ quantity: "sum" }).values).toEqual([["United Kingdom", 9]]);
    const gap = toFrame([{ a: 1.5 }, { a: null }]);
    expect(gap.dtypes).toEqual(["float32"]);
    expect(gap.values).toEqual([[1.5], [Number.NaN]]);
  });

  test("takes no rows", () => {
    expect(toFrame([]).shape).toEqual([0, 0]);
  });
});

describe("showFrame", () => {
  const printed = usePrinted();

  test("shows the first rows and says of how many", () => {
    showFrame(toFrame(LINES), { caption: "Lines", limit: 1 });
    expect(printed.at(-1)).toMatch(/^Lines\ninvoice .*\n─+.*\n489434 .*13085 +United Kingdom\n1 of 2 rows$/);
  });

  test("leaves columns out, so that the rest fits on a page", () => {
    showFrame(toFrame(LINES), { without: ["invoice", "country"], limit: 1 });
    expect(printed.at(-1)).not.toMatch(/invoice |country|489434|United Kingdom/);
    expect(printed.at(-1)).toContain("13085");
  });
});
