import { formatPlural } from "@keyspaces-segmentation/common";
import {
  looksRounded,
  type NobodyOptions,
  nobodyReader,
  roundedIdsError,
  unwrapped,
} from "@keyspaces-segmentation/invoices";
import type { Table } from "../columns/table.js";
import type { ReadingRow } from "../reading_row.js";
import { areWholePowers, type IdNumbers, idNumbersOf, isWord } from "./id_numbers.js";

/** As many words for nobody are named. */
const NAMED = 5;

/** How the ids of a column are written, and what is said of it. */
export interface IdColumn {
  readonly numbers: IdNumbers;
  readonly rows: readonly ReadingRow[];
}

/** Behind 15 digits a spreadsheet has nothing but zeros. */
const CUT = /^[1-9]\d{14}0+$/;
/** Numbers of such a length are no ids but moments, down to seconds that may be 0. */
const MOMENT = /^(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:[01]\d|2[0-3])[0-5]\d/;
/** Fewer may end so by chance. */
const FEWEST_ROUNDED = 3;
/** So many bits of all long ids are as a double has them; by chance, of a million files one has such ids. */
const FEWEST_BITS = 20;
const NEARLY_ALL = 0.9;

/** JavaScript writes longer numbers with a power of ten. */
const LONGEST = 21;

/** How many bits of a number a double does not keep; 0 where it is not what a program writes of a double. */
function bitsLost(id: string): number {
  if (id.length > LONGEST) return 0;
  const nearest = Number(id);
  const bits = Math.floor(Math.log2(nearest)) - 52;
  return bits > 0 && (isShortest(id) || BigInt(nearest) === BigInt(id)) ? bits : 0;
}

/** Whether an id is what JavaScript writes of a double, its fewest digits and zeros. */
const isShortest = (id: string): boolean => String(Number(id)) === id;

/**
 * Whether ids are doubles by chance or rounding, and not all whole multiples of more: ids that are made of a time, a maker and a count of
 * 0 are doubles as well.
 */
const areScattered = (ids: readonly string[]): boolean =>
  ids.some(isShortest) || ids.some((id) => (BigInt(id) >> BigInt(bitsLost(id))) % 2n === 1n);

/**
 * Ids that a program has rounded. A spreadsheet leaves zeros behind 15 digits; programs that take ids for doubles, as JavaScript and
 * pandas do, write nothing but numbers that a double can be.
 */
function roundedAmong(ids: Iterable<string>): string[] {
  const [rounded, long]: [string[], string[]] = [[], []];
  for (const text of ids) {
    const id = text.replace(/\.0$/, "");
    if (looksRounded(id)) rounded.push(id);
    else if (/^[1-9]\d{15,}$/.test(id) && !MOMENT.test(id)) long.push(id);
  }
  if (areWholePowers(rounded)) rounded.length = 0;
  const doubles = long.filter((id) => bitsLost(id) > 0);
  const bits = doubles.reduce((sum, id) => sum + bitsLost(id), 0);
  const areCut = long.length >= FEWEST_ROUNDED && long.every((id) => CUT.test(id));
  const areDoubles =
    doubles.length >= FEWEST_ROUNDED &&
    bits >= FEWEST_BITS &&
    doubles.length >= NEARLY_ALL * long.length &&
    areScattered(doubles);
  return areCut ? [...rounded, ...long] : areDoubles ? [...rounded, ...doubles] : rounded;
}

/**
 * How the column of customers writes numbers, and what it says for nobody.
 *
 * @throws StepError for ids that a spreadsheet has rounded: different customers have become one
 */
export function customersOf(table: Table, nobody: NobodyOptions): IdColumn {
  const read = nobodyReader(nobody);
  const words = new Map<string, number>();
  const ids = new Map<string, number>();
  for (const [value, count] of table.countsOf("customerId")) {
    const id = read(value);
    if (id === null) words.set(value, count);
    else ids.set(id, (ids.get(id) ?? 0) + count);
  }
  const rounded = roundedAmong(ids.keys());
  if (rounded.length > 0) throw roundedIdsError(rounded);
  const { numbers, row } = idNumbersOf("customer ids", ids);
  const rows = [...(row === null ? [] : [row]), ...onlyCustomer(ids)];
  const exceptions = new Set(nobody.except?.map((word) => word.toLowerCase()));
  for (const [id, count] of ids) if (isWord(id, numbers) && !exceptions.has(id.toLowerCase())) words.set(id, count);
  if (words.size === 0) return { numbers, rows };
  const found = [...words].sort((a, b) => b[1] - a[1]);
  const lines = found.reduce((sum, [, count]) => sum + count, 0);
  const named = found.slice(0, NAMED).map(([word]) => JSON.stringify(word));
  const nobodyRow: ReadingRow = {
    what: "nobody",
    readAs: named.join(", ") + (found.length > NAMED ? " and others" : ""),
    because: `${formatPlural(lines, "line")} of the sample; \`nobody\` adds words, and with an ! before it makes one a customer`,
    confidence: "likely",
  };
  return { numbers, rows: [...rows, nobodyRow] };
}

/** Of fewer lines all may be of one customer. */
const FEWEST_LINES = 10;

/** What is said where all lines are of one customer: the column may be that of something else, such as an account. */
function onlyCustomer(ids: ReadonlyMap<string, number>): ReadingRow[] {
  const [lines = 0] = ids.values();
  if (ids.size !== 1 || lines < FEWEST_LINES) return [];
  return [
    {
      what: "customers",
      readAs: "one in all",
      because: `${formatPlural(lines, "line")} of the sample have the same: where another column has the customers, columns="customerId=Name of the column" takes that`,
      confidence: "likely",
    },
  ];
}

/**
 * How the column of invoices writes numbers.
 *
 * @throws StepError for those that a spreadsheet has rounded: different invoices have become one
 */
export function invoicesOf(table: Table): IdColumn {
  const ids = new Map<string, number>();
  for (const [value, count] of table.countsOf("invoice")) {
    const id = unwrapped(value);
    ids.set(id, (ids.get(id) ?? 0) + count);
  }
  const rounded = roundedAmong(ids.keys());
  if (rounded.length > 0) throw roundedIdsError(rounded, "invoice");
  const { numbers, row } = idNumbersOf("invoice numbers", ids);
  return { numbers, rows: row === null ? [] : [row] };
}
