import { describe, expect, test } from "@jest/globals";
import { formatDecimal } from "@keyspaces-segmentation/common/dist/decimal.js";
import type { InvoiceLine, ParsedChunk } from "@keyspaces-segmentation/invoices";
import {
  createLineMatcher,
  isOverlapState,
  type OverlapState,
  type StoredLine,
} from "@keyspaces-segmentation/invoices/dist/overlap.js";
import { seededRandom } from "@keyspaces-segmentation/kmeans";
import { generateRetailCsv } from "../../../local/data/generate.js";
import { parserLike } from "../../../test/support/retail.js";

/** A table in memory, by its key; answers the one request that the matcher makes. */
class Table {
  readonly #invoices = new Map<string, Map<string, InvoiceLine>>();
  reads = 0;
  readonly read = async (invoice: string): Promise<StoredLine[]> => {
    this.reads++;
    return [...(this.#invoices.get(invoice)?.values() ?? [])]
      .sort((a, b) => (a.stockCode < b.stockCode ? -1 : a.stockCode > b.stockCode ? 1 : a.line - b.line))
      .map((line) => ({ ...line, quantity: formatDecimal(line.quantity), price: formatDecimal(line.price) }));
  };

  /** Says whether there was such a row with other values. */
  write(line: InvoiceLine): boolean {
    const rows = this.#invoices.get(line.invoice) ?? new Map<string, InvoiceLine>();
    this.#invoices.set(line.invoice, rows);
    const key = JSON.stringify([line.stockCode, line.line]);
    const before = rows.get(key);
    rows.set(key, line);
    return before !== undefined && textOf(before) !== textOf(line);
  }
  contents = (): string[] =>
    [...this.#invoices.values()]
      .flatMap((rows) => [...rows.values()])
      .map(textOf)
      .sort();
}

/** The values of a line, its number last. */
const textOf = (of: InvoiceLine): string => {
  const { invoice, stockCode, description, customerId, country, line } = of;
  const numbers = [formatDecimal(of.quantity), formatDecimal(of.price), of.invoiceDate.getTime()];
  return [invoice, stockCode, description, customerId, country, ...numbers, line].map(String).join("|");
};

/** Some of a file's lines, as a chunk of it. */
const piece = (
  { lines, lineNumbers, originals, repeats = new Map() }: ParsedChunk,
  from: number,
  to: number,
): ParsedChunk => ({
  lines: lines.slice(from, to),
  lineNumbers: lineNumbers.slice(from, to),
  originals: originals.slice(from, to),
  rejects: [],
  repeats,
});

/** What is told of a killed run: where it was, and what it had counted. */
interface Stop {
  settledLine: number;
  from?: OverlapState | undefined;
}

/** Each file is loaded many times over. */
const known = new Map<string, Promise<ParsedChunk>>();
function parsed(csv: string): Promise<ParsedChunk> {
  const file = known.get(csv) ?? parse(csv);
  known.set(csv, file);
  return file;
}

/** Loads a file in chunks of so many lines; with `killAfter`, only so many rows are written, in an order that says nothing. */
async function load(
  table: Table,
  csv: string,
  {
    chunk = 1e9,
    killAfter = Number.POSITIVE_INFINITY,
    random = seededRandom(1),
    start = { settledLine: 0 } as Stop,
  } = {},
): Promise<{ state: OverlapState; stop?: Stop }> {
  const file = await parsed(csv);
  const matcher = createLineMatcher(table.read, start);
  let written = 0;
  let settledLine = start.settledLine;
  for (let from = 0; from < file.lines.length; from += chunk) {
    const part = piece(file, from, from + chunk);
    const { lines, lineNumbers } = await matcher.match(part);
    const state = matcher.state();
    const toWrite = lines
      .map((line, i) => ({ line, lineNumber: lineNumbers[i]! }))
      .filter(({ lineNumber }) => lineNumber > settledLine);
    const left = new Set(toWrite);
    const order = toWrite.toSorted(() => random() - 0.5);
    for (const each of order) {
      if (written++ >= killAfter) {
        const firstLeft = Math.min(...[...left].map(({ lineNumber }) => lineNumber));
        return { state, stop: { settledLine: Math.max(settledLine, firstLeft - 1), from: state } };
      }
      const isOverwritten = !matcher.isThere(each.lineNumber) && table.write(each.line);
      if (isOverwritten) throw new Error(`Line ${each.lineNumber} has overwritten another row`);
      left.delete(each);
    }
    settledLine = Math.max(settledLine, lineNumbers.at(-1) ?? 0);
  }
  return { state: matcher.state() };
}

const [header = "", ...records] = generateRetailCsv({ seed: 11, customers: 10 }).trimEnd().split("\n");
const fileOf = (lines: readonly string[]): string => `${[header, ...lines].join("\n")}\n`;
const wholeFile = fileOf(records);
const parse = parserLike(wholeFile);
const whole = (async () => {
  const table = new Table();
  for (const line of (await parse(wholeFile)).lines) table.write(line);
  return table.contents();
})();

/** Whether two lines that say the same, of one invoice, come on both sides of a cut: in two files that is one line. */
function partsEqualLines(cut: number): boolean {
  const invoice = (record: string | undefined) => record?.slice(0, record.indexOf(","));
  const before = records.slice(0, cut).filter((record) => invoice(record) === invoice(records[cut]));
  return records.slice(cut).some((record) => before.includes(record));
}
const cuts = (random: () => number, count: number): number[] =>
  Array.from({ length: count }, () => {
    let cut: number;
    do cut = 1 + Math.floor(random() * (records.length - 1));
    while (partsEqualLines(cut));
    return cut;
  }).sort((a, b) => a - b);

/** Two exports that overlap, in one file; the overlap begins and ends between two invoices. */
function joinedFile(random: () => number): { joined: string; parts: [string, string]; overlap: number } {
  const invoice = (record: string | undefined) => record?.slice(0, record.indexOf(","));
  const between = (share: number): number => {
    let at = Math.floor(share * records.length);
    while (at < records.length && invoice(records[at]) === invoice(records[at - 1])) at++;
    return at;
  };
  const from = between(0.2 + 0.3 * random());
  const to = between(0.6 + 0.3 * random());
  const parts = [records.slice(0, to), records.slice(from)] as const;
  return { joined: fileOf(parts.flat()), parts: [fileOf(parts[0]), fileOf(parts[1])], overlap: to - from };
}

describe("a file that has an overlap in itself", () => {
  test.each([0, 1, 2])("gives the table of its parts, in either order, and of both (%d)", async (seed) => {
    const random = seededRandom(seed);
    const { joined, parts } = joinedFile(random);
    const chunk = 1 + Math.floor(random() * 300);
    for (const files of [
      [joined],
      parts,
      parts.toReversed(),
      [parts[1], joined],
      [joined, parts[0]],
      [joined, joined],
    ]) {
      const table = new Table();
      for (const file of files) await load(table, file, { chunk });
      // In other orders, the lines of an invoice have other numbers.
      expect(table.contents().map(withoutLine).sort()).toEqual((await whole).map(withoutLine).sort());
    }
  });

  test.each([0, 1])("also when it is killed and gone on with, beside another file (%d)", async (seed) => {
    const random = seededRandom(seed);
    const { joined, parts } = joinedFile(random);
    const table = new Table();
    await load(table, parts[1]);
    let start: Stop | undefined = { settledLine: 0 };
    while (start !== undefined) {
      const killAfter = Math.floor(random() * records.length);
      ({ stop: start } = await load(table, joined, { chunk: 40, killAfter, random, start }));
    }
    expect(table.contents().map(withoutLine).sort()).toEqual((await whole).map(withoutLine).sort());
  });

  test("counts the overlap neither as what was there nor as what comes on top", async () => {
    const { joined, parts } = joinedFile(seededRandom(9));
    const table = new Table();
    await load(table, parts[0]);
    const { state } = await load(table, joined, { chunk: 100 });
    const { lines } = await parse(parts[0]);
    expect([state.same.lines, state.further.lines]).toEqual([lines.length, 0]);
  });
});

const withoutLine = (row: string): string => row.slice(0, row.lastIndexOf("|"));

describe("a file in parts", () => {
  test.each(Array.from({ length: 18 }, (_, seed) => seed))(
    "gives the table that it gives in one (%d)",
    async (seed) => {
      const random = seededRandom(seed);
      const [first = 0, second = 0] = cuts(random, 2);
      const parts = seed % 2 === 0 ? [[0, first], [first]] : [[0, first], [first, second], [second]];
      const table = new Table();
      for (const [from, to] of parts) {
        // With an overlap, the part begins earlier, at any line.
        const begin = seed % 3 === 0 ? Math.max(0, from! - Math.floor(random() * 200)) : from!;
        await load(table, fileOf(records.slice(begin, to)), { chunk: 1 + Math.floor(random() * 300) });
      }
      expect(table.contents()).toEqual(await whole);
      // Once more, all of it.
      const { state } = await load(table, wholeFile, { chunk: 1000 });
      expect(state).toMatchObject({ same: { lines: (await whole).length }, further: { lines: 0, amount: "0" } });
      expect(table.contents()).toEqual(await whole);
    },
  );

  test.each(Array.from({ length: 18 }, (_, seed) => seed))(
    "is counted alike after kills as without them (%d)",
    async (seed) => {
      const random = seededRandom(100 + seed);
      const [cut = 0] = cuts(random, 1);
      const overlapping = fileOf(
        records
          .slice(Math.max(0, cut - 300), cut + 300)
          .map((record, i) => (i % 17 === 0 ? record.replace(/ /, "  ") : record)),
      );
      const [undisturbed, killed] = [new Table(), new Table()];
      for (const table of [undisturbed, killed]) await load(table, fileOf(records.slice(0, cut)));
      const chunk = 1 + Math.floor(random() * 400);
      const { state } = await load(undisturbed, overlapping, { chunk });
      expect(isOverlapState(JSON.parse(JSON.stringify(state)))).toBe(true);
      let start: Stop = { settledLine: 0 };
      for (;;) {
        const killAfter = Math.floor(random() * 400);
        const { stop, state: after } = await load(killed, overlapping, { chunk, killAfter, random, start });
        if (stop === undefined) {
          expect(after).toEqual(state);
          break;
        }
        start = JSON.parse(JSON.stringify(stop)) as Stop;
      }
      const withoutNumbers = (table: Table) => table.contents().map(withoutLine).sort();
      expect(withoutNumbers(killed)).toEqual(withoutNumbers(undisturbed));
    },
  );
});

test("an invoice that is new to the table is read once, and one that comes back in another place is put together", async () => {
  const table = new Table();
  const line = (invoice: number, quantity: number) => `${invoice},SKU,thing,${quantity},2010-01-10 10:00,2.50,7,Norway`;
  const file = fileOf([line(1, 1), line(2, 1), line(1, 2), line(1, 1), line(2, 1)]);
  await load(table, file, { chunk: 1 });
  expect(table.contents()).toHaveLength(5);
  expect(table.reads).toBe(2);
  const { state } = await load(table, fileOf([line(1, 1), line(2, 9), line(1, 1), line(1, 1)]), { chunk: 1 });
  expect(state).toMatchObject({
    invoices: 2,
    same: { lines: 2, amount: "5.00" },
    further: { lines: 2, amount: "25.00" },
  });
  expect(table.contents()).toHaveLength(7);
});
