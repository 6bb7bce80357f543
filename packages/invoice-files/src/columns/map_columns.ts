import { ArgumentError } from "@keyspaces-segmentation/common";
import { FACT_WORDS, type Fact, isOfOrder, rankOf, simplified, tierOf } from "./column_names.js";
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

/** In this order: a column that two facts fit belongs to the first. */
const FACTS = Object.keys(FACT_WORDS) as Fact[];

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
}

/**
 * Finds the columns by their names; see `tierOf`.
 *
 * @param given columns that the parameter `columns` names, by fact
 * @param contents what is below the names: a column that has nothing in it is meant rather not, one of yes and no is no customer's, and of
 *   two that are the same either is meant
 * @throws ArgumentError for a given name that the header does not have
 */
export function mapColumns(
  header: readonly string[],
  given: { readonly [Name in Fact]?: string } = {},
  { isEmpty = () => false, isSame = () => false, isYesOrNo = () => false }: ColumnContents = {},
): ColumnMap {
  const simple = header.map(simplified);
  const positions: { [Name in Fact]?: number } = {};
  const taken = new Set<number>();
  const twice = new Set<string>();
  const take = (fact: Fact, at: number): void => {
    positions[fact] = at;
    taken.add(at);
  };

  const left = new Set<Fact>();
  for (const [fact, name] of Object.entries(given) as [Fact, string][]) {
    if (name === "-") {
      left.add(fact);
      continue;
    }
    const at = header.indexOf(name) >= 0 ? header.indexOf(name) : simple.indexOf(simplified(name));
    if (at < 0) throw new ArgumentError("columns", `names of columns that the file has (${listed(header)})`, name);
    take(fact, at);
  }
  const program = PROGRAMS.find(({ has }) => has.every((name) => simple.includes(name)));
  for (const [fact, name] of Object.entries(program?.names ?? {}) as [Fact, string][]) {
    if (positions[fact] === undefined && !left.has(fact)) take(fact, simple.indexOf(name));
  }
  const fits = header
    .flatMap((name, at) =>
      FACTS.flatMap((fact) => {
        const found = tierOf(fact, name, header);
        const rank = rankOf(fact, name);
        // The number of who has taken an order is no better than the name of who has bought.
        const tier = fact === "customerId" && found === 0 && rank > 0 ? 1 : found;
        return tier === null || (fact === "customerId" && isYesOrNo(at))
          ? []
          : [{ fact, at, tier, rank, empty: Number(isEmpty(at, fact)) }];
      }),
    )
    .sort(
      (a, b) =>
        a.empty - b.empty ||
        a.tier - b.tier ||
        FACTS.indexOf(a.fact) - FACTS.indexOf(b.fact) ||
        a.rank - b.rank ||
        a.at - b.at,
    );
  for (const { fact, at, tier, empty } of fits) {
    if (taken.has(at) || left.has(fact) || positions[fact] !== undefined) continue;
    const hasTwin =
      !FIRST_WILL_DO.has(fact) &&
      fits.some(
        (other) =>
          other.fact === fact &&
          other.at !== at &&
          other.tier === tier &&
          other.empty === empty &&
          simple[other.at] === simple[at] &&
          !isSame(at, other.at),
      );
    if (hasTwin && NONE_WILL_DO.has(fact)) {
      left.add(fact);
      continue;
    }
    if (hasTwin) twice.add(header[at]!);
    take(fact, at);
  }
  // A ledger has its amounts in two columns, on either side of the books.
  const sides = sidesIn(header);
  const isOpen = positions.amount === undefined || positions.amount === sides?.debit;
  if (
    sides !== undefined &&
    positions.price === undefined &&
    isOpen &&
    given.amount === undefined &&
    !left.has("amount")
  ) {
    for (const fact of FACTS)
      if (positions[fact] === sides.debit || positions[fact] === sides.credit) delete positions[fact];
    positions.amount = sides.debit;
    positions.credit = sides.credit;
  }
  // The amount of a line alone is as good: a line is then one piece at that price. A price without a quantity is not.
  const { amount, quantity } = positions;
  // An empty column of prices is none beside one of amounts.
  if (
    positions.price !== undefined &&
    amount !== undefined &&
    given.price === undefined &&
    isEmpty(positions.price, "price")
  )
    delete positions.price;
  const { price } = positions;
  const isPriceOfPieces = price !== undefined && (quantity !== undefined || given.price !== undefined);
  const hasAmount =
    amount !== undefined &&
    (isPriceOfPieces || price === undefined || given.amount !== undefined || !isOfOrder(header[amount]!));
  if (hasAmount && quantity === undefined && given.price === undefined) delete positions.price;
  const missing = NEEDED.filter(
    (fact) => positions[fact] === undefined && !(hasAmount && (fact === "price" || fact === "quantity")),
  );
  return { positions, missing, twice: [...twice] };
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

/**
 * Reads the parameter `columns`: pairs `fact=Name of the column` (`-` for a fact that is to be left out), separated by `;` (or `,`, where no name has one), or, for a file
 * without a header, the facts of its columns in order, `-` for one that does not matter.
 *
 * @throws ArgumentError for anything else
 */
export function readColumns(text: string | null): GivenColumns {
  if (text === null || text.trim() === "") return { names: {}, order: null };
  const parts = text.split(text.includes(";") ? ";" : ",").map((part) => part.trim());
  const factOf = (word: string): Fact => {
    const fact = FACTS.find((each) => simplified(each) === simplified(word));
    if (fact === undefined)
      throw new ArgumentError("columns", `pairs such as invoice=Number, of ${FACTS.join(", ")}`, text);
    return fact;
  };
  if (parts.every((part) => !part.includes("="))) {
    return { names: {}, order: parts.map((part) => (part === "-" ? null : factOf(part))) };
  }
  const names: { [Name in Fact]?: string } = {};
  for (const part of parts.filter((each) => each !== "")) {
    const equals = part.indexOf("=");
    names[factOf(equals < 0 ? part : part.slice(0, equals).trim())] = part.slice(equals + 1).trim();
  }
  return { names, order: null };
}

/** What the parameter `columns` says. */
export interface GivenColumns {
  readonly names: { readonly [Name in Fact]?: string };
  /** Of a file without a header: the facts of its columns in order. */
  readonly order: readonly (Fact | null)[] | null;
}
