import { formatPlural } from "@keyspaces-segmentation/common";
import { tierOf } from "./column_names.js";
import { mapColumns } from "./map_columns.js";
import type { GivenReading } from "./reading.js";
import { isHeaderAgain } from "./record_sample.js";
import type { RecordSource } from "./record_source.js";
import type { SectionRecord } from "./sections.js";

/** A report by customers: each stands alone in a row above his lines. */
interface Grouping {
  readonly header: readonly string[];
  readonly headerLine: number;
  /** Where their names stand. */
  readonly column: number;
  /** Where dates stand, which totals have not. */
  readonly date: number;
  /** Whether that column is called theirs; otherwise they get a column of their own, in front. */
  readonly isNamed: boolean;
  /** Whether a row behind their lines adds these up, "Total for …". */
  readonly hasTotals: boolean;
  readonly titles: number;
}

/** Fewer rows of one field may be notes. */
const FEWEST_TITLES = 2;
const LINES_ABOVE = 60;
const NEARLY_ALL = 0.9;
/** A date, a number and money. */
const FEWEST_FIELDS = 3;

const textAt = ({ fields }: SectionRecord, column: number): string => fields[column]?.trim() ?? "";
const filled = ({ fields }: SectionRecord): number => fields.reduce((sum, text) => sum + Number(text.trim() !== ""), 0);

/** Follows who stands above the lines. */
class Titles {
  readonly #open: string[] = [];
  readonly #rows: Pick<Grouping, "column" | "date" | "hasTotals">;

  constructor(rows: Pick<Grouping, "column" | "date" | "hasTotals">) {
    this.#rows = rows;
  }

  /** The customer of a line, "" for none. */
  get customer(): string {
    return this.#open.at(-1) ?? "";
  }

  /** What a record is, after which the customer of the next lines is known. */
  take(record: SectionRecord): "title" | "total" | "line" {
    const { column, date, hasTotals } = this.#rows;
    const text = textAt(record, column);
    if (text === "") return "line";
    if (filled(record) === 1) {
      // Customers of a customer stand below him, where totals tell where his end.
      if (!hasTotals) this.#open.pop();
      this.#open.push(text);
      return "title";
    }
    if (date !== column && textAt(record, date) !== "") return "line";
    const at = this.#open.findLastIndex((title) => text.length > title.length && text.includes(title));
    if (at < 0) return "line";
    this.#open.length = at;
    return "total";
  }
}

/** Finds in a sample whether customers stand in rows above their lines: in a column of theirs that lines leave blank, or in a report that says so above its header. */
function groupingOf({ sample }: RecordSource, { columns }: GivenReading): Grouping | undefined {
  if (columns.order !== null || columns.names.customerId !== undefined) return undefined;
  const records = sample.pieces[0] ?? [];
  const at = records
    .slice(0, LINES_ABOVE)
    .findIndex(({ fields }) =>
      mapColumns(fields, columns.names.invoice === "-" ? { invoice: "-" } : {}).missing.every(
        (fact) => fact === "customerId" || fact === "invoice",
      ),
    );
  if (at < 0) return undefined;
  const { fields: header, lineNumber: headerLine } = records[at]!;
  const body = records.slice(at + 1).filter(({ problem }) => problem === undefined);
  const { customerId, invoiceDate: date = -1 } = mapColumns(header).positions;
  const saysCustomers = records.slice(0, at).some(({ fields }) =>
    fields
      .join(" ")
      .split(/\s+/)
      .some((word) => (tierOf("customerId", word) ?? 2) < 2),
  );
  if (customerId === undefined && !saysCustomers) return undefined;
  const first = body.find((record) => filled(record) === 1);
  const column = customerId ?? first?.fields.findIndex((text) => text.trim() !== "") ?? -1;
  if (column < 0) return undefined;
  const titles = new Titles({ column, date, hasTotals: true });
  const counts = { title: 0, total: 0, line: 0 };
  let named = 0;
  for (const record of body) {
    const kind = titles.take(record);
    counts[kind]++;
    if (kind === "line" && filled(record) >= FEWEST_FIELDS && textAt(record, column) !== "") named++;
  }
  const isNamed = customerId !== undefined;
  const hasTotals = counts.total >= NEARLY_ALL * counts.title;
  if (counts.title < FEWEST_TITLES || counts.line < counts.title) return undefined;
  if (isNamed ? named > (1 - NEARLY_ALL) * counts.title : !hasTotals) return undefined;
  return { header, headerLine, column, date, isNamed, hasTotals, titles: counts.title };
}

/** Gives the records of a report the customer who stands above them; the rows of customers and their totals are left out. */
function* withCustomers(
  records: Iterable<SectionRecord>,
  { header, headerLine, column, isNamed }: Grouping,
  titles: Titles,
): Generator<SectionRecord> {
  for (const record of records) {
    const { lineNumber, text, fields, problem, isReturn } = record;
    const isAbove = lineNumber <= headerLine || problem !== undefined;
    const isHeader = isHeaderAgain(record, header);
    if (!isAbove && !isHeader && titles.take(record) !== "line") continue;
    const customer = isHeader ? "Customer" : isAbove ? "" : titles.customer;
    const own = [...fields];
    if (!isNamed) own.unshift(customer);
    else if (!isAbove && !isHeader && textAt(record, column) === "") own[column] = customer;
    yield {
      lineNumber,
      text,
      fields: own,
      ...(problem !== undefined && { problem }),
      ...(isReturn !== undefined && { isReturn }),
    };
  }
}

/** A source whose records have the customer in them, where a report has him in a row of his own above them. */
export function withTitledCustomers(source: RecordSource, given: GivenReading): RecordSource {
  const grouping = groupingOf(source, given);
  if (grouping === undefined) return source;
  const { rows, sample, records, counts } = source;
  const { whole, isSheet, currencies } = sample;
  const { titles, isNamed } = grouping;
  return {
    rows: [
      ...rows,
      {
        what: "customers",
        readAs: "each in a row of his own above his lines",
        because: `${formatPlural(titles, "row")} of the sample ${titles === 1 ? "has" : "have"} nothing but a name, and no line below has one; they and their totals are left out`,
        confidence: "likely",
      },
    ],
    sample: {
      pieces: sample.pieces.map((piece) => [...withCustomers(piece, grouping, new Titles(grouping))]),
      whole,
      ...(isSheet !== undefined && { isSheet }),
      ...(currencies !== undefined && { currencies: isNamed ? currencies : movedBy1(currencies) }),
    },
    async *records(count) {
      const open = new Titles(grouping);
      for await (const some of records(count)) yield [...withCustomers(some, grouping, open)];
    },
    counts,
  };
}

const movedBy1 = <T>(map: ReadonlyMap<number, T>): Map<number, T> =>
  new Map([...map].map(([position, value]) => [position + 1, value]));
