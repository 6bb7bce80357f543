import { formatPlural } from "@keyspaces-segmentation/common";
import { simplified, tierOf } from "./column_names.js";
import { mapColumns } from "./map_columns.js";
import type { GivenReading } from "./reading.js";
import { isHeaderAgain } from "./record_sample.js";
import type { RecordSource } from "./record_source.js";
import type { SectionRecord } from "./sections.js";
import { filled, type TitleRows, Titles, textAt } from "./titles.js";

/** A report by customers: each stands alone in a row above his lines, and in that of their total. */
interface Report extends TitleRows {
  readonly headerLine: number;
  /** Whether the column of titles is called that of customers; otherwise they get a column of their own, in front. */
  readonly isNamed: boolean;
}

const FEWEST_CUSTOMERS = 2;
const LINES_ABOVE = 60;
const NEARLY_ALL = 0.9;
const EXAMPLES = 3;

const BY = /(?:^|\s)(?:by|per|je|nach|par|por)\s+(\p{L}+)(?:\s+(\p{L}+))?/giu;
const isCustomer = (word: string): boolean => (tierOf("customerId", word) ?? 2) < 2;

/** Whether a line above a table says that it is by customers, as `Sales by Customer Detail`; not one by their kinds, nor a filter. */
function saysByCustomer({ fields }: SectionRecord): boolean {
  const line = fields.join(" ");
  return (
    !/[:=]/.test(line) &&
    [...line.matchAll(BY)].some(
      ([, word = "", next = ""]) =>
        isCustomer(word) && (/^(?:details?|report)?$/i.test(next) || isCustomer(word + next)),
    )
  );
}

/** Finds a report that may have customers above their lines: its column of customers is blank in lines, or a line above the header says by what it is. */
function reportIn(records: readonly SectionRecord[], { columns }: Pick<GivenReading, "columns">): Report | undefined {
  if (columns.order !== null) return undefined;
  const mapped = (fields: readonly string[]): ReturnType<typeof mapColumns> => {
    const names = new Set(fields.map(simplified));
    const isThere = ([, name]: [string, string]): boolean => name === "-" || names.has(simplified(name));
    return mapColumns(fields, Object.fromEntries(Object.entries(columns.names).filter(isThere)));
  };
  const at = records
    .slice(0, LINES_ABOVE)
    .findIndex(({ fields }) => mapped(fields).missing.every((fact) => fact === "customerId" || fact === "invoice"));
  if (at < 0) return undefined;
  const { fields: header, lineNumber: headerLine } = records[at]!;
  const { customerId, invoiceDate: date = -1 } = mapped(header).positions;
  if (customerId !== undefined) return { header, headerLine, column: customerId, date, isNamed: true };
  if (!records.slice(0, at).some(saysByCustomer)) return undefined;
  const first = records.slice(at + 1).find((record) => filled(record) === 1);
  const column = first?.fields.findIndex((text) => text.trim() !== "") ?? -1;
  return column < 0 ? undefined : { header, headerLine, column, date, isNamed: false };
}

/**
 * The customers of a report, by their words: titles with a total of their own. None where titles with lines have no total, where lines have
 * a customer of their own, or where what is within a title has a total within another too, as months have.
 *
 * @param isWhole whether the report has ended, so that no title waits for its total
 */
function customersOf(
  titles: Titles,
  { isNamed, isWhole }: { isNamed: boolean; isWhole: boolean },
): ReadonlyMap<string, string> | undefined {
  const { totalled, aboveRepeated, withTotal, named, waiting } = titles;
  const withoutTotal = titles.withoutTotal + (isWhole ? waiting : 0);
  if (totalled.size < FEWEST_CUSTOMERS || (isNamed && named > 0)) return undefined;
  if (withTotal < NEARLY_ALL * (withTotal + withoutTotal)) return undefined;
  return [...aboveRepeated].some((name) => totalled.has(name)) ? undefined : totalled;
}

/** Gives the records of a report the customer who stands above them; the rows of customers and their totals are left out. */
function* withCustomers(
  records: Iterable<SectionRecord>,
  { header, headerLine, column, isNamed }: Report,
  titles: Titles,
): Generator<SectionRecord> {
  for (const record of records) {
    const { lineNumber, text, fields, problem, isReturn } = record;
    const kind = titles.take(record);
    const isHeader = isHeaderAgain(record, header);
    const isLine = lineNumber > headerLine && problem === undefined && !isHeader;
    if (isLine && kind !== "line") continue;
    // A title of anything else stays alone in its row.
    const customer = isHeader ? "Customer" : isLine && filled(record) > 1 ? titles.text : "";
    const own = [...fields];
    if (!isNamed) own.unshift(customer);
    else if (isLine && textAt(record, column) === "") own[column] = customer;
    yield {
      lineNumber,
      text,
      fields: own,
      ...(problem !== undefined && { problem }),
      ...(isReturn !== undefined && { isReturn }),
    };
  }
}

/**
 * Records of a report that has no column of customers, with one for those in its titles; undefined for any other table.
 *
 * @param isNext whether a sheet before it is such a report, so that it needs no customers of its own to be one
 */
export function withColumnOfCustomers(
  records: readonly SectionRecord[],
  given: Pick<GivenReading, "columns">,
  { isNext }: { isNext: boolean },
): SectionRecord[] | undefined {
  const report = reportIn(records, given);
  if (report === undefined || report.isNamed) return undefined;
  const titles = new Titles(report);
  for (const record of records) titles.take(record);
  const customers = isNext ? titles.totalled : customersOf(titles, { isNamed: false, isWhole: false });
  return customers && [...withCustomers(records, report, new Titles(report, (name) => customers.has(name)))];
}

/** The customers in the titles of a report, from its sample or, where that is not whole, from all of it. */
async function titledCustomers(
  { sample, records }: RecordSource,
  report: Report,
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, string> | undefined> {
  const { isNamed } = report;
  const sampled = new Titles(report);
  // Sheets of a workbook are a piece each.
  const begun = sample.whole ? sample.pieces.flat() : (sample.pieces[0] ?? []);
  for (const record of begun) sampled.take(record);
  const found = customersOf(sampled, { isNamed, isWhole: sample.whole });
  if (found === undefined || sample.whole) return found;
  const titles = new Titles(report);
  for await (const some of records(() => undefined)) {
    signal?.throwIfAborted();
    for (const record of some) titles.take(record);
  }
  return customersOf(titles, { isNamed, isWhole: true });
}

/** A source whose records have the customer in them, where a report has him in a row of his own above them. */
export async function withTitledCustomers(
  source: RecordSource,
  given: GivenReading,
  signal?: AbortSignal,
): Promise<RecordSource> {
  const report = reportIn(source.sample.pieces[0] ?? [], given);
  const customers = report && (await titledCustomers(source, report, signal));
  if (report === undefined || customers === undefined) return source;
  const { rows, sample, records, counts } = source;
  const { whole, isSheet, currencies } = sample;
  const newTitles = (): Titles => new Titles(report, (name) => customers.has(name));
  const examples = [...customers.values()].slice(0, EXAMPLES).join(", ");
  return {
    rows: [
      ...rows,
      {
        what: "customers",
        readAs: "each in a row of his own above his lines",
        because: `${formatPlural(customers.size, "row")} ${customers.size === 1 ? "has" : "have"} nothing but a name, and a total of that name below (${examples}${customers.size > EXAMPLES ? ", …" : ""}); these and their totals are left out`,
        confidence: "likely",
      },
    ],
    sample: {
      pieces: sample.pieces.map((piece) => [...withCustomers(piece, report, newTitles())]),
      whole,
      ...(isSheet !== undefined && { isSheet }),
      ...(currencies !== undefined && { currencies: report.isNamed ? currencies : movedBy1(currencies) }),
    },
    async *records(count) {
      const open = newTitles();
      for await (const some of records(count)) yield [...withCustomers(some, report, open)];
    },
    counts,
  };
}

const movedBy1 = <T>(map: ReadonlyMap<number, T>): Map<number, T> =>
  new Map([...map].map(([position, value]) => [position + 1, value]));
