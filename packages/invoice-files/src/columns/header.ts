import { formatNumber, formatPlural, StepError } from "@keyspaces-segmentation/common";
import { looksLikeDate, looksLikeNumber, saysNothing, type TableRecord } from "@keyspaces-segmentation/table-files";
import { FACT_WORDS, type Fact, simplified } from "./column_names.js";
import { completedByValues, isOfAnotherDate } from "./columns_by_values.js";
import { isFlag } from "./flags.js";
import type { GivenColumns } from "./given_columns.js";
import { factsNamedIn, listed, mapColumns, type Positions } from "./map_columns.js";

/** Titles and filters above a report's table are not longer. */
const LINES_ABOVE = 60;
/** Fewer names of columns in a line may be chance. */
const FEWEST_NAMES = 3;

/** A list of purchases has fewer columns than one of invoice lines. */
const FULL = 6;

/** Of these 0 is none, as of the invoices of a shop that writes none. */
const NEVER_0: ReadonlySet<Fact> = new Set<Fact>(["invoice", "customerId", "stockCode", "invoiceDate"]);

/** Where a table begins, and which column is which. */
interface Header {
  readonly header: readonly string[];
  /** Line of the file; 0 where there is none. */
  readonly headerLine: number;
  readonly positions: Positions;
  /** What speaks for it, by the columns that are used. */
  readonly evidenceOf: (used: Positions) => string;
}

/**
 * Finds the header among the first records: the first in which all needed columns have names, or else the one with most names.
 *
 * @param withNumbers whether it is to name a column of invoice numbers; otherwise customers and moments tell purchases apart
 * @throws StepError where there is none, or columns are missing in it: with the names that it has, and how to map them
 * @throws ArgumentError for a given name that the header does not have
 */
export function findHeader(
  records: readonly TableRecord[],
  given: GivenColumns,
  { withNumbers = false }: { withNumbers?: boolean } = {},
): Header {
  if (given.order !== null) {
    const positions = Object.fromEntries(given.order.flatMap((fact, at) => (fact === null ? [] : [[fact, at]])));
    const header = given.order.map((fact) => fact ?? "-");
    return { header, headerLine: 0, positions, evidenceOf: () => "the parameter `columns` has the columns in order" };
  }
  const first = records.slice(0, LINES_ABOVE);
  const complete = first.find(({ fields }) => mapColumns(fields).missing.length === 0);
  const best = complete ?? mostNames(first, given);
  if (best === undefined) throw noHeader(first);
  const below = records.filter(({ lineNumber, problem }) => lineNumber > best.lineNumber && problem === undefined);
  const isNothing = (text: string, fact: Fact): boolean =>
    text === "" || (text === "0" && NEVER_0.has(fact)) || saysNothing(text);
  const isEmpty = (at: number, fact: Fact): boolean =>
    below.length > 0 && below.every(({ fields }) => isNothing(fields[at]?.trim() ?? "", fact));
  const isSame = (one: number, other: number): boolean =>
    below.length > 0 && below.every(({ fields }) => fields[one]?.trim() === fields[other]?.trim());
  const isYesOrNo = (at: number): boolean =>
    isFlag(
      below.map(({ fields }) => fields[at]?.trim() ?? "").filter((text) => text !== ""),
      { withNumbers: false },
    );
  // Of lines with more fields than names it is not known yet which field stands below which name.
  const fitting = below.filter(({ fields }) => fields.length <= best.fields.length);
  const isOfWords = (at: number): boolean => {
    const filled = fitting.map(({ fields }) => fields[at]?.trim() ?? "").filter((text) => text !== "");
    // That of the only line may be a fault.
    return below.length > 1 && filled.length > 0 && filled.every((text) => !/\p{N}/u.test(text));
  };
  const { twice, ...named } = mapColumns(best.fields, given.names, { isEmpty, isSame, isYesOrNo, isOfWords });
  const left = new Set((Object.keys(given.names) as Fact[]).filter((fact) => given.names[fact] === "-"));
  const { missing, said, ...mapped } = completedByValues(named, best.fields, { below: fitting, left });
  const needed = missing.filter((fact) => fact !== "invoice" || withNumbers);
  if (needed.length > 0 || twice.length > 0) throw unmapped(best, given, { missing: needed, twice, below });
  const numbered =
    given.names.invoice === undefined ? withoutBlankNumbers(mapped.positions, below, isEmpty) : mapped.positions;
  const positions = withRowNumbers(numbered, best.fields, { below, isLeft: given.names.invoice === "-" });
  const above = best.lineNumber - 1;
  const others = above > 0 ? `; ${formatPlural(above, "line")} above it left out` : "";
  const evidenceOf = (used: Positions): string =>
    [`${formatPlural(Object.keys(used).length - said.length, "name")} of columns${others}`, ...said].join("; ");
  return { header: best.fields, headerLine: best.lineNumber, positions, evidenceOf };
}

/** Named so, and nothing more, a column may number anything. */
const isBareId = (name: string): boolean => simplified(name) === "id";

/** Lines of a list of purchases of which so many have no number are not told apart by it. */
const MOST = 0.5;

/** The columns without that of invoice numbers where it is blank, or nearly so in a list without products, whose lines go on no other. */
function withoutBlankNumbers(
  positions: Positions,
  below: readonly TableRecord[],
  isEmpty: (at: number, fact: Fact) => boolean,
): Positions {
  const { invoice, ...others } = positions;
  if (invoice === undefined) return positions;
  if (isEmpty(invoice, "invoice")) return others;
  if (others.stockCode !== undefined || others.description !== undefined) return positions;
  const hasNone = ({ fields }: TableRecord): boolean => saysNothing(fields[invoice]?.trim() ?? "");
  const has = ({ fields }: TableRecord, at: number | undefined): boolean => (fields[at ?? -1]?.trim() ?? "") !== "";
  const alone = below.filter(
    (record) => hasNone(record) && has(record, others.invoiceDate) && has(record, others.customerId),
  );
  return alone.length > MOST * below.length ? others : positions;
}

/** Takes a bare "id" for the number of an invoice where no column is called that, and each line is one: it has no product, and an id of its own. */
function withRowNumbers(
  positions: Positions,
  header: readonly string[],
  { below, isLeft }: { below: readonly TableRecord[]; isLeft: boolean },
): Positions {
  const at = header.findIndex(isBareId);
  const { invoice, stockCode, description } = positions;
  const hasLines = invoice !== undefined || stockCode !== undefined || description !== undefined;
  if (isLeft || at < 0 || hasLines || Object.values(positions).includes(at)) return positions;
  const ids = new Set(below.map(({ fields }) => fields[at]?.trim() ?? ""));
  return ids.size === below.length && !ids.has("") ? { ...positions, invoice: at } : positions;
}

/** Why a header cannot be used, and how to map it. */
function unmapped(
  { fields, lineNumber }: TableRecord,
  { names }: GivenColumns,
  { missing, twice, below }: { missing: readonly Fact[]; twice: readonly string[]; below: readonly TableRecord[] },
): StepError {
  const faults = [
    ...(missing.length > 0 ? [`no column for the ${missing.map((fact) => FACT_WORDS[fact]).join(", ")}`] : []),
    ...(twice.length > 0 ? [`more than one column ${listed(twice)}`] : []),
  ];
  const price = mapColumns(fields, { ...names, quantity: "-" }).positions.price;
  const ofPieces =
    missing.length === 1 && missing[0] === "quantity" && price !== undefined
      ? ` Where each line is one piece: columns="price=-; amount=${listed([fields[price]!])}".`
      : "";
  const id = fields.find(isBareId);
  const [first, another] = fields.filter((_name, at) => hasDates(below, at));
  const date = first === undefined || another !== undefined || isOfAnotherDate(first) ? undefined : first;
  const meant: { readonly [fact in Fact]?: string | undefined } = { customerId: id, invoiceDate: date };
  const nameFor = (fact: Fact): string => (meant[fact] === undefined ? "Name of the column" : listed([meant[fact]]));
  const facts = missing.length > 0 ? missing : (["price"] as const);
  return new StepError({
    tried: "tell the columns of the file apart",
    got: `${faults.join("; ")} in its header (line ${formatNumber(lineNumber)}): ${listed(fields)}`,
    hint: `Name them in the parameter \`columns\`, such as columns="${facts.map((fact) => `${fact}=${nameFor(fact)}`).join("; ")}".${ofPieces}`,
  });
}

/** Whether what stands in a column are dates, and not one throughout, as that of the export. */
function hasDates(below: readonly TableRecord[], at: number): boolean {
  const texts = below.map(({ fields }) => fields[at]?.trim() ?? "").filter((text) => !saysNothing(text));
  return texts.length > 0 && texts.every(looksLikeDate) && (below.length === 1 || new Set(texts).size > 1);
}

function mostNames(records: readonly TableRecord[], { names }: GivenColumns): TableRecord | undefined {
  const given = Object.values(names).filter((name) => name !== "-");
  const score = ({ fields }: TableRecord): number =>
    Math.max(
      factsNamedIn(fields) + Number(fields.some(isBareId)),
      given.length > 0 && given.every((name) => fields.includes(name)) ? FEWEST_NAMES : 0,
    );
  const ranked = records.map((record) => ({ record, names: score(record) })).sort((a, b) => b.names - a.names);
  const [top] = ranked;
  return top !== undefined && top.names >= FEWEST_NAMES ? top.record : undefined;
}

function noHeader(records: readonly TableRecord[]): StepError {
  const tried = "find the header of the invoice lines";
  const data = records.find(({ fields }) => fields.some(looksLikeDate) && fields.filter(looksLikeNumber).length >= 2);
  if (data !== undefined && data === records[0]) {
    return new StepError({
      tried,
      got: `there is none: the first line looks like data (${formatPlural(data.fields.length, "field")}, a date and numbers among them)`,
      hint: `Name its columns in order: columns="${data.fields.length < FULL ? "customerId, invoiceDate, amount" : "invoice, stockCode, description, quantity, invoiceDate, price, customerId, country"}", with "-" for one that does not matter.`,
    });
  }
  return new StepError({
    tried,
    got: `none of the first ${formatNumber(records.length)} lines names such columns as Invoice, Quantity, InvoiceDate, Price and Customer ID; the first has ${listed(records[0]?.fields ?? [])}`,
    hint: 'Expected a table of invoice lines. Name its columns in the parameter `columns`, such as columns="invoice=Number; price=Net".',
  });
}
