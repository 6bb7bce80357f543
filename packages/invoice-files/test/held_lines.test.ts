import { expect, test } from "@jest/globals";
import { NOTHING_GIVEN } from "@keyspaces-segmentation/invoice-files";
import { readLines } from "@keyspaces-segmentation/invoice-files/dist/lines/read_lines.js";
import { decideReading } from "@keyspaces-segmentation/invoice-files/dist/reading/decide_reading.js";
import { seededRandom } from "@keyspaces-segmentation/kmeans";
import type { TableRecord } from "@keyspaces-segmentation/table-files";

const HEADER = ["Invoice", "StockCode", "Quantity", "InvoiceDate", "Price", "Customer ID"];

/** Invoices of one day that come again all over, as a whole, in part, alone and in runs, with records between that are no lines. */
function records(seed: number): TableRecord[] {
  const random = seededRandom(seed);
  const below = (limit: number): number => Math.floor(random() * limit);
  const fields: string[][] = [HEADER];
  let next = 0;
  const put = (invoice: number, lines: number): void => {
    for (let i = 0; i < lines; i++) {
      fields.push([String(invoice), "85048", "1", "2024-01-25", `${(invoice % 3) * i}.00`, "7"]);
      if (below(9) === 0) fields.push([String(invoice), "85048", "one", "2024-01-25", "1.00", "7"]);
    }
  };
  while (fields.length < 300) {
    const first = Math.max(0, next - below(12));
    for (let invoice = first; invoice < first + below(12); invoice++)
      put(invoice, below(20) === 0 ? 4 : 1 + (invoice % 4));
    next = Math.max(next, first + below(10));
  }
  return fields.map((each, at) => ({ lineNumber: at + 1, text: each.join(), fields: each }));
}

async function read(all: readonly TableRecord[], size: number) {
  const reading = decideReading({ pieces: [all], whole: true }, NOTHING_GIVEN);
  async function* batches() {
    for (let at = 0; at < all.length; at += size) yield all.slice(at, at + size);
  }
  const [lines, rejects, repeats]: [string[], number[], string[]] = [[], [], []];
  let last = 0;
  for await (const chunk of readLines(batches(), reading)) {
    // In the order of the file, however long a line had to wait.
    const numbers = [...chunk.lineNumbers, ...chunk.rejects.map(({ lineNumber }) => lineNumber)];
    if (numbers.length > 0) expect(Math.min(...numbers)).toBeGreaterThan(last);
    last = Math.max(last, ...numbers);
    lines.push(...chunk.lines.map(({ invoice, line }, i) => `${chunk.lineNumbers[i]}: ${invoice} ${line}`));
    rejects.push(...chunk.rejects.map(({ lineNumber }) => lineNumber));
    for (const [lineNumber, which] of chunk.repeats!) {
      expect(chunk.lineNumbers).toContain(lineNumber);
      repeats.push(`${lineNumber}: ${which}`);
    }
  }
  return { lines, rejects, repeats };
}

test.each([1, 2, 3, 4, 5, 6, 7, 8])("lines that wait are the same wherever a file is cut: seed %i", async (seed) => {
  const all = records(seed);
  const whole = await read(all, all.length);
  expect(whole.lines.length + whole.rejects.length).toBe(all.length - 1);
  for (const size of [1, 2, 7, 40]) expect(await read(all, size)).toEqual(whole);
});

test("some of them have come again", async () => {
  expect((await read(records(1), 7)).repeats.length).toBeGreaterThan(10);
});
