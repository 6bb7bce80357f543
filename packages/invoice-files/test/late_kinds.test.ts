import { expect, test } from "@jest/globals";
import { formatDecimal } from "@keyspaces-segmentation/common";
import { NOTHING_GIVEN } from "@keyspaces-segmentation/invoice-files";
import { readLines } from "@keyspaces-segmentation/invoice-files/dist/lines/read_lines.js";
import { decideReading } from "@keyspaces-segmentation/invoice-files/dist/reading/decide_reading.js";
import { RFC_4180, recordSplitter, type TableRecord } from "@keyspaces-segmentation/table-files";

/** Quantity × price of the lines behind a sample that has sales and one other kind, and why others are rejected. */
async function behind(header: string, sample: readonly string[], rest: readonly string[]): Promise<string[]> {
  const split = recordSplitter(RFC_4180);
  const first = split(`${[header, ...sample].join("\n")}\n`, false);
  const reading = decideReading({ pieces: [first], whole: false }, NOTHING_GIVEN);
  async function* records(): AsyncGenerator<readonly TableRecord[]> {
    yield first;
    yield split(rest.join("\n"), true);
  }
  const found: string[] = [];
  for await (const { lines, rejects } of readLines(records(), reading)) {
    found.push(...lines.map(({ quantity, price }) => `${formatDecimal(quantity)} × ${formatDecimal(price)}`));
    found.push(...rejects.map(({ reason }) => reason));
  }
  return found.slice(sample.length);
}

const PIECES = "Invoice,SKU,Quantity,Date,Price,Customer ID,Type";
const SALES = ["1,A,2,2024-01-25,5.00,7,Invoice", "2,A,3,2024-01-26,5.00,8,Pro"];

test.each([
  ["Credit Note", "-1 × 5.00"],
  ["Return", "-1 × 5.00"],
  ["Invoice", "1 × 5.00"],
  ["Something new", "1 × 5.00"],
  ["Payment", "a kind of line that is no sale"],
  ["Quote", "a kind of line that is no sale"],
])("a kind of line that stands behind the sample only: %s", async (kind, meant) => {
  expect(await behind(PIECES, SALES, [`3,A,1,2024-01-27,5.00,7,${kind}`])).toEqual([meant]);
});

test("one that is signed is taken as it is", async () => {
  expect(await behind(PIECES, SALES, ["3,A,-1,2024-01-27,5.00,7,Return"])).toEqual(["-1 × 5.00"]);
  const amounts = ["1,2024-01-25,10.00,7,Invoice", "2,2024-01-26,15.00,8,Pro"];
  const late = ["3,2024-01-27,-5.00,7,Return", "4,2024-01-27,5.00,7,Return"];
  expect(await behind("Invoice,Date,Amount,Customer ID,Type", amounts, late)).toEqual(["1 × -5.00", "1 × -5.00"]);
});
