import { ArgumentError } from "@keyspaces-segmentation/common";
import { FACTS, type Fact, isOfOrder, rankOf, simplified, tierOf } from "./column_names.js";
import { sidesIn } from "./ledger_columns.js";

/** Where in a record each fact stands, counted from 0; a fact that the file does not have is left out. */
export type Positions = { readonly [Name in Fact]?: number };

/** Which column is which, or why that cannot be told. */
export interface ColumnMap {
  readonly positions: Positions;
  /** Facts that a line cannot do without and no column has. */
  readonly missing: readonly Fact[];
  /** Names that two columns share, of which one would be needed; of two countries or descriptions it is the first, of two years or months none. */
  readonly twice: readonly string[];
}

/** A customer, a moment, a number and money: without them there is nothing to tell of a line. */
const NEEDED: readonly Fact[] = ["invoice", "quantity", "invoiceDate", "price", "customerId"];

/** Of two columns with such a name the first is taken. */
const FIRST_WILL_DO: ReadonlySet<Fact> = new Set<Fact>(["country", "description"]);

/** Of two columns with such a name none is: a date mostly stands beside its year and month, which nobody needs then. */
const NONE_WILL_DO: ReadonlySet<Fact> = new Set<Fact>(["year", "month"]);

/** Programs whose names mean something else than the same names elsewhere. */
const PROGRAMS: readonly { readonly has: readonly string[]; readonly names: { readonly [Name in Fact]?: string } }[] = [
  // Shopify, Orders export: `Name` is the order's number.
  { has: ["lineitemquantity", "name"], names: { invoice: "name" } },
  // Amazon, Order Report: amounts are of the line, not of one piece.
  { has: ["quantitypurchased", "itemprice"], names: { amount: "itemprice" } },
  { has: ["amazonorderid", "itemprice"], names: { amount: "itemprice" } },
  // PayPal, Activity: few of its payments have an invoice number.
  { has: ["transactionid", "gross", "fromemailaddress"], names: { invoice: "transactionid", amount: "gross" } },
  {
    has: ["transaktionscode", "brutto", "absenderemailadresse"],
    names: { invoice: "transaktionscode", amount: "brutto" },
  },
  // Stripe, Payments export: a payment is an invoice of one line.
  { has: ["id", "createdutc", "amount"], names: { invoice: "id" } },
  { has: ["id", "createddateutc", "amount"], names: { invoice: "id" } },
  // QuickBooks and NetSuite, reports: `Name` is the customer's, beside an item.
  { has: ["type", "num", "name", "item"], names: { customerId: "name" } },
  { has: ["transactiontype", "num", "name", "amount"], names: { customerId: "name" } },
  { has: ["documentnumber", "name", "item"], names: { customerId: "name" } },
  // Sage 50, audit trail: elsewhere a reference may be that of an article.
  { has: ["accountreference", "reference", "netamount"], names: { invoice: "reference" } },
  // Odoo, invoices by technical names: `name` is the number.
  { has: ["name", "invoicedate", "invoicelineidsquantity"], names: { invoice: "name" } },
];

/** What columns have in them, by their positions. */
interface ColumnContents {
  readonly isEmpty?: (at: number, fact: Fact) => boolean;
  readonly isSame?: (one: number, other: number) => boolean;
  readonly isYesOrNo?: (at: number) => boolean;
  readonly isOfWords?: (at: number) => boolean;
}

/** What is told in numbers: a column of words, as of units beside a quantity, is none of these. */
const NUMBERS: ReadonlySet<Fact> = new Set<Fact>(["quantity", "price", "amount"]);

/**
 * Finds the columns by their names; see `tierOf`.
 *
 * @param given columns that the parameter `columns` names, by fact
 * @param contents what is below the names: a column that has nothing in it is meant rather not, one of yes and no is no customer's, one of
 *   words no quantity, and of two that are the same either is meant
 * @throws ArgumentError for a given name that the header does not have
 */
export function mapColumns(
  header: readonly string[],
  given: { readonly [Name in Fact]?: string } = {},
  contents: ColumnContents = {},
): ColumnMap {
  const draft = new ColumnDraft(header);
  takeGiven(draft, given);
  takeOfProgram(draft);
  const twice = takeByName(draft, contents);
  takeSides(draft, given);
  const { positions } = draft;
  const { amount, quantity } = positions;
  // An empty column of prices is none beside one of amounts.
  const isBare = positions.price !== undefined && contents.isEmpty?.(positions.price, "price");
  if (isBare && amount !== undefined && given.price === undefined) delete positions.price;
  const { price } = positions;
  // The amount of a line alone is as good: a line is then one piece at that price. A price without a quantity is not.
  const isPriceOfPieces = price !== undefined && (quantity !== undefined || given.price !== undefined);
  const hasAmount =
    amount !== undefined &&
    (isPriceOfPieces || price === undefined || given.amount !== undefined || !isOfOrder(header[amount]!));
  if (hasAmount && quantity === undefined && given.price === undefined) delete positions.price;
  const missing = NEEDED.filter(
    (fact) => positions[fact] === undefined && !(hasAmount && (fact === "price" || fact === "quantity")),
  );
  return { positions, missing, twice };
}

/** The columns of a header, as far as they have been found. */
class ColumnDraft {
  readonly header: readonly string[];
  readonly simple: readonly string[];
  readonly positions: { [Name in Fact]?: number } = {};
  /** Facts that no column is to be taken for. */
  readonly left = new Set<Fact>();
  readonly #taken = new Set<number>();

  constructor(header: readonly string[]) {
    this.header = header;
    this.simple = header.map(simplified);
  }

  isOpen(fact: Fact): boolean {
    return this.positions[fact] === undefined && !this.left.has(fact);
  }

  isFree(at: number): boolean {
    return !this.#taken.has(at);
  }

  take(fact: Fact, at: number): void {
    this.positions[fact] = at;
    this.#taken.add(at);
  }
}

/** @throws ArgumentError for a name that the header does not have */
function takeGiven(draft: ColumnDraft, given: { readonly [Name in Fact]?: string }): void {
  const { header, simple } = draft;
  for (const [fact, name] of Object.entries(given) as [Fact, string][]) {
    if (name === "-") {
      draft.left.add(fact);
      continue;
    }
    const at = header.indexOf(name) >= 0 ? header.indexOf(name) : simple.indexOf(simplified(name));
    if (at < 0) throw new ArgumentError("columns", `names of columns that the file has (${listed(header)})`, name);
    draft.take(fact, at);
  }
}

function takeOfProgram(draft: ColumnDraft): void {
  const program = PROGRAMS.find(({ has }) => has.every((name) => draft.simple.includes(name)));
  for (const [fact, name] of Object.entries(program?.names ?? {}) as [Fact, string][]) {
    if (draft.isOpen(fact)) draft.take(fact, draft.simple.indexOf(name));
  }
}

/** A column that may be meant by a fact: the lower its tier and its rank, the rather. */
interface NamedColumn {
  readonly fact: Fact;
  readonly at: number;
  readonly tier: number;
  readonly rank: number;
  readonly isEmpty: boolean;
}

/** Takes for each fact that is open the column whose name fits it best. @returns names of which two columns fit as well */
function takeByName(draft: ColumnDraft, contents: ColumnContents): string[] {
  const { header, simple } = draft;
  const columns = namedColumns(header, contents);
  const twice = new Set<string>();
  for (const column of columns) {
    const { fact, at } = column;
    if (!draft.isFree(at) || !draft.isOpen(fact)) continue;
    const isTwin = (other: NamedColumn): boolean =>
      other.fact === fact &&
      other.at !== at &&
      other.tier === column.tier &&
      other.isEmpty === column.isEmpty &&
      simple[other.at] === simple[at] &&
      contents.isSame?.(at, other.at) !== true;
    const hasTwin = !FIRST_WILL_DO.has(fact) && columns.some(isTwin);
    if (hasTwin && NONE_WILL_DO.has(fact)) {
      draft.left.add(fact);
      continue;
    }
    if (hasTwin) twice.add(header[at]!);
    draft.take(fact, at);
  }
  return [...twice];
}

/** The columns that facts may mean by their names, those that are rather meant first. */
function namedColumns(header: readonly string[], { isEmpty, isYesOrNo, isOfWords }: ColumnContents): NamedColumn[] {
  const named = header.flatMap((name, at) =>
    FACTS.flatMap((fact): NamedColumn[] => {
      const found = tierOf(fact, name, header);
      if (found === null || (fact === "customerId" && isYesOrNo?.(at))) return [];
      if (NUMBERS.has(fact) && isOfWords?.(at)) return [];
      const rank = rankOf(fact, name);
      // The number of who has taken an order is no better than the name of who has bought.
      const tier = fact === "customerId" && found === 0 && rank > 0 ? 1 : found;
      return [{ fact, at, tier, rank, isEmpty: isEmpty?.(at, fact) ?? false }];
    }),
  );
  return named.sort(
    (a, b) =>
      Number(a.isEmpty) - Number(b.isEmpty) ||
      a.tier - b.tier ||
      FACTS.indexOf(a.fact) - FACTS.indexOf(b.fact) ||
      a.rank - b.rank ||
      a.at - b.at,
  );
}

/** Takes the two columns in which a ledger has its amounts, on either side of the books, where there is no price. */
function takeSides({ header, positions, left }: ColumnDraft, given: { readonly [Name in Fact]?: string }): void {
  const sides = sidesIn(header);
  if (sides === undefined || positions.price !== undefined || given.amount !== undefined || left.has("amount")) return;
  if (positions.amount !== undefined && positions.amount !== sides.debit) return;
  for (const fact of FACTS)
    if (positions[fact] === sides.debit || positions[fact] === sides.credit) delete positions[fact];
  positions.amount = sides.debit;
  positions.credit = sides.credit;
}

/** Facts that a record, taken for a header, has names for; without year and month, which filters above a table name too. */
export const factsNamedIn = (fields: readonly string[]): number =>
  Object.keys(mapColumns(fields).positions).filter((fact) => fact !== "year" && fact !== "month").length;

/** Names of columns as a reader can copy them: what is not seen is escaped. */
export function listed(names: readonly string[]): string {
  const shown = names.slice(0, 40).map((name) =>
    JSON.stringify(name.slice(0, 60))
      .replaceAll(/[^\P{C}]/gu, escaped)
      .slice(1, -1),
  );
  return shown.join(", ") + (names.length > 40 ? ` and ${names.length - 40} more` : "");
}

const escaped = (character: string): string => `\\u${character.codePointAt(0)!.toString(16).padStart(4, "0")}`;
