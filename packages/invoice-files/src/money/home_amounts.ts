import { currencyCode, formatPlural, toNumber } from "@keyspaces-segmentation/common";
import { quantileOf } from "@keyspaces-segmentation/invoices";
import { type Decision, detectNumbers, isOpen, numberReader } from "@keyspaces-segmentation/table-files";
import { simplified } from "../columns/column_names.js";
import type { GivenColumns } from "../columns/given_columns.js";
import type { Positions } from "../columns/map_columns.js";
import { fieldAt, type Table } from "../columns/table.js";
import type { ReadingRow } from "../reading_row.js";

/** The amounts of a file in one currency, where another column has them in several. */
export interface HomeAmounts {
  readonly positions: Positions;
  readonly currency: Decision<string> | null;
  readonly row: ReadingRow;
}

/** Beside the name of an amount: that it is in the currency of the shop's own books. */
const HOME = /home|base|local|company|converted|reporting|functional|haus|basis/;
/** Where no column has currencies, it speaks of one itself: a "Base Price" is that of a list. */
const IN_A_CURRENCY = /currency|wahrung|devise|moneda|moeda|valuta|converted/;
/** Or that it is another amount. */
const OTHER =
  /tax|vat|mwst|iva|tva|net|gross|brutto|fee|refund|discount|due|open|balance|paid|list|cost|purchase|shipping|commission|original|total/;
/** Of the lines with an amount, as many have it in the other column as well. */
const NEARLY_ALL = 0.98;
/** Rates of one currency change with time: nearly all are within so much of that in the middle. */
const WITHIN = 0.25;
const MOST = 0.9;
/** And those of two currencies differ by more than a fee does. */
const APART = 1.05;
/** What is in the shop's own currency already stays as it is, but for what is rounded. */
const AS_IT_IS = 0.01;

/**
 * Finds a column that has the amounts of several currencies in one: called as they are, and said to be in a currency of its own by a column
 * of one code, or by its name; in each currency they are about so many times as much, and in two not the same. Where no column has
 * currencies, its name says that it is in the shop's own.
 */
export function homeAmountsOf(
  table: Table,
  { columns, currency, decimal }: { columns: GivenColumns; currency: string | null; decimal: "point" | "comma" | null },
): HomeAmounts | undefined {
  const { positions } = table;
  const isSettled = currency !== null || columns.names.amount !== undefined || columns.names.price !== undefined;
  if (isSettled || positions.credit !== undefined) return undefined;
  const codes = [...codesIn(table, positions.currency)];
  if (codes.length === 1) return undefined;
  for (const fact of ["price", "amount"] as const) {
    const own = positions[fact];
    if (own === undefined) continue;
    for (const at of table.unused()) {
      const called = otherName(table.header[at]!, table.header[own]!);
      if (called === undefined || OTHER.test(called)) continue;
      const home = homeCurrency(table, table.header[at]!);
      if (home === undefined && !HOME.test(called)) continue;
      if (codes.length === 0 && !(HOME.test(called) && IN_A_CURRENCY.test(called))) continue;
      if (!areConverted(table, { own, at, decimal, isTold: codes.length > 0, home: home?.code })) continue;
      return found(table, { fact, own, at, home, codes });
    }
  }
  return undefined;
}

function found(
  table: Table,
  {
    fact,
    own,
    at,
    home,
    codes,
  }: {
    fact: "price" | "amount";
    own: number;
    at: number;
    home: { code: string; at: number | undefined } | undefined;
    codes: readonly string[];
  },
): HomeAmounts {
  const { price, amount, currency, ...others } = table.positions;
  const [name, other] = [table.nameOf(at), table.nameOf(own)];
  const money = fact === "price" ? { price: at } : { amount: at };
  const inOne = home?.at === undefined ? {} : { currency: home.at };
  const several =
    codes.length === 0
      ? "differ from it"
      : `are in ${codes.slice(0, 3).join(", ")}${codes.length > 3 ? " and others" : ""}`;
  return {
    positions: { ...others, ...money, ...inOne },
    currency: home === undefined ? null : { value: home.code, evidence: `that of ${name}`, confidence: "likely" },
    row: {
      what: fact === "price" ? "prices" : "amounts",
      readAs: `${name}, and not ${other}`,
      because: `those in ${other} ${several}, and it has ${formatPlural(table.lines.length, "line")} of the sample in one currency`,
      confidence: "likely",
    },
  };
}

/** What a name says beside another that is in it; undefined where it is not. */
function otherName(name: string, of: string): string | undefined {
  const [whole, part] = [simplified(name), simplified(of)];
  return part === "" || whole === part || !whole.includes(part) ? undefined : whole.replace(part, "");
}

function codesIn(table: Table, at: number | undefined): Set<string> {
  if (at === undefined) return new Set();
  return new Set([...table.countsAt(at).keys()].flatMap((text) => currencyCode.read(text) ?? []));
}

/** The currency of a column by its name, or by the only other column that has nothing but one code; undefined where nothing says it. */
function homeCurrency(table: Table, name: string): { code: string; at: number | undefined } | undefined {
  const words = name.match(/\b[A-Z]{3}\b/g) ?? [];
  const named = words.flatMap((word) => currencyCode.read(word) ?? []);
  if (named[0] !== undefined) return { code: named[0], at: undefined };
  const beside = table.unused().filter((at) => {
    const values = [...table.countsAt(at).keys()].filter((text) => text !== "");
    return values.length === 1 && currencyCode.read(values[0]) !== undefined;
  });
  const [at] = beside;
  return beside.length !== 1 || at === undefined ? undefined : { code: [...codesIn(table, at)][0]!, at };
}

/** Whether a column has what another has at rates: about one in each currency, 1 in the shop's own, and not the same in all. */
function areConverted(
  table: Table,
  {
    own,
    at,
    decimal,
    isTold,
    home,
  }: { own: number; at: number; decimal: "point" | "comma" | null; isTold: boolean; home: string | undefined },
): boolean {
  const numbers = detectNumbers({ own: table.countsAt(own), other: table.countsAt(at) }, { decimal });
  if (isOpen(numbers)) return false;
  const [readOwn, readOther] = [numberReader(numbers.own.value), numberReader(numbers.other.value)];
  const rates = new Map<string, number[]>();
  let [lines, both] = [0, 0];
  for (const { fields } of table.lines) {
    const [amount, other] = [readOwn(fieldAt(fields, own)), readOther(fieldAt(fields, at))];
    if (amount === undefined || amount.unscaled === 0n) continue;
    lines++;
    if (other === undefined || other.unscaled === 0n) continue;
    both++;
    const code = fieldAt(fields, table.positions.currency).toUpperCase();
    const ofCode = rates.get(code) ?? [];
    rates.set(code, ofCode);
    ofCode.push(toNumber(other) / toNumber(amount));
  }
  if (lines === 0 || both < NEARLY_ALL * lines) return false;
  const all = [...rates.values()];
  if (!isTold) return all.flat().some((rate) => rate > APART || rate < 1 / APART);
  const middles = all.map((each) => quantileOf(each, 0.5));
  const atHome = home === undefined ? undefined : rates.get(home);
  if (atHome !== undefined && Math.abs(quantileOf(atHome, 0.5) - 1) > AS_IT_IS) return false;
  const near = all.flatMap((each, i) => each.filter((rate) => Math.abs(rate / middles[i]! - 1) <= WITHIN)).length;
  return near >= MOST * both && Math.max(...middles) > APART * Math.min(...middles);
}
