import { type AwsSession, readObject } from "@keyspaces-segmentation/aws-session";
import { type Decimal, parseDecimal, StepError } from "@keyspaces-segmentation/common";
import {
  type CustomerAggregate,
  customerList,
  type RetailAggregate,
  type RetailTotals,
  type ScoredCustomer,
} from "@keyspaces-segmentation/invoices";
import { RFC_4180, recordSplitter } from "@keyspaces-segmentation/table-files";
import { type FeaturesPlace, type Manifest, type ObjectList, uriOf } from "./manifest.js";

/** What a run has found. */
export interface ReadFeatures {
  readonly totals: RetailTotals;
  /**
   * Where only some of the customers were read: those of them whom the preparation covers, by their ids, scored among all customers.
   * Else null.
   */
  readonly sample: ReadonlyMap<string, ScoredCustomer> | null;
}

/** How the rows of one kind of object are read. */
interface Form<T> {
  readonly columns: readonly string[];
  /** @throws TypeError for what the script does not write */
  readonly rowOf: (fields: readonly string[]) => T;
}

const dateOrNull = (text: string | null | undefined): Date | null => (text ? new Date(text) : null);

/** @throws TypeError for what is none */
function decimalOf(text: string): Decimal {
  const decimal = parseDecimal(text);
  if (decimal === undefined) throw new TypeError(`${JSON.stringify(text)} is no decimal`);
  return decimal;
}

/** @throws TypeError for what is none */
function countOf(text: string): number {
  if (!/^\d+$/.test(text)) throw new TypeError(`${JSON.stringify(text)} is no count`);
  return Number(text);
}

/** @throws TypeError for what is none */
function numberOf(text: string): number {
  const value = Number(text);
  if (text === "" || !Number.isFinite(value)) throw new TypeError(`${JSON.stringify(text)} is no number`);
  return value;
}

const aggregates: Form<CustomerAggregate> = {
  columns: [
    ...["customer_id", "country", "purchase_invoices", "last_purchase", "sales_amount", "net_amount"],
    ...["merged_invoices", "merged_last_line", "merged_amount"],
  ],
  rowOf([customerId = "", country = "", invoices = "", lastPurchase, sales = "", net = "", ...merged]) {
    const [mergedInvoices = "", mergedLast = "", mergedAmount = ""] = merged;
    return {
      customerId,
      country,
      purchaseInvoices: countOf(invoices),
      lastPurchase: dateOrNull(lastPurchase),
      salesAmount: decimalOf(sales),
      netAmount: decimalOf(net),
      merged:
        mergedLast === ""
          ? null
          : { invoices: countOf(mergedInvoices), lastLine: new Date(mergedLast), amount: decimalOf(mergedAmount) },
    };
  },
};

const scored: Form<ScoredCustomer> = {
  columns: ["customer_id", "country", "recency_days", "frequency", "monetary", "r", "f", "m", "segment"],
  rowOf([customerId = "", country = "", recency = "", frequency = "", monetary = "", r = "", f = "", m = "", segment]) {
    const features = { recencyDays: numberOf(recency), frequency: countOf(frequency), monetary: numberOf(monetary) };
    return { customerId, country, ...features, r: countOf(r), f: countOf(f), m: countOf(m), segment: segment ?? "" };
  },
};

/** @throws TypeError for what the script does not write */
function rowsIn<T>(text: string, { columns, rowOf }: Form<T>): T[] {
  const [heading, ...records] = recordSplitter(RFC_4180)(text, true);
  if (heading?.fields.join() !== columns.join()) throw new TypeError(`its heading is ${JSON.stringify(heading?.text)}`);
  return records.map(({ fields, problem, lineNumber }) => {
    if (problem === undefined && fields.length === columns.length) return rowOf(fields);
    throw new TypeError(`line ${lineNumber}: ${problem ?? `${fields.length} fields`}`);
  });
}

/** Reads the objects of a run. */
interface Reader {
  readonly aws: AwsSession;
  readonly place: FeaturesPlace;
  readonly signal: AbortSignal | undefined;
}

/**
 * Reads rows from the first on, as long as they go on.
 *
 * @param goesOn whether a row still is of those, after so many
 * @throws StepError for an object that is not there, or does not hold what the manifest says
 */
async function readWhile<T>(
  { aws, place, signal }: Reader,
  { objects }: ObjectList,
  form: Form<T>,
  goesOn: (row: T, before: number) => boolean,
): Promise<T[]> {
  const read: T[] = [];
  for (const { key, rows } of objects) {
    const at = { bucket: place.bucket, key: `${place.prefix}/${key}` };
    const text = Buffer.from(await readObject(aws, at, { signal })).toString("utf8");
    const tried = `read ${uriOf(place, key)}`;
    let found: T[];
    try {
      found = rowsIn(text, form);
    } catch (cause) {
      throw new StepError({ tried, got: cause instanceof Error ? cause.message : String(cause), cause });
    }
    if (found.length !== rows) {
      throw new StepError({ tried, got: `it has ${found.length} customers, and the manifest says ${rows}` });
    }
    for (const row of found) {
      if (!goesOn(row, read.length)) return read;
      read.push(row);
    }
  }
  return read;
}

/**
 * Reads what a run has found out: the same as a scan of the table comes to. Of more than `atMost` customers that many are read, drawn at
 * random and the same each time: all objects have their customers by the hash of the id, so that it is the first ones of each kind.
 *
 * @throws StepError for objects that are not there or do not hold what the manifest says; the signal's reason when aborted
 */
export async function readFeatures(
  aws: AwsSession,
  place: FeaturesPlace,
  manifest: Manifest,
  { atMost, signal }: { atMost: number; signal?: AbortSignal | undefined },
): Promise<ReadFeatures> {
  const reader = { aws, place, signal };
  const { before_cut: before, cut, ledger, lines, reused_numbers: reusedNumbers, later } = manifest;
  const expected = manifest.aggregates.customers;
  const customers = await readWhile(reader, manifest.aggregates, aggregates, (_, count) => count < atMost);
  if (customers.length !== Math.min(expected, atMost)) {
    const got = `they have ${customers.length} customers, and the manifest says ${expected}`;
    throw new StepError({ tried: `read the aggregates in ${uriOf(place, "")}`, got });
  }
  const isWhole = customers.length === expected;
  const ids = isWhole ? null : new Set(customers.map(({ customerId }) => customerId));
  const isRead = ({ customerId }: { customerId: string }) => ids === null || ids.has(customerId);
  const folded = (
    of: readonly CustomerAggregate[],
    extent: Pick<Manifest, "first_invoice" | "last_invoice">,
  ): RetailAggregate => ({
    customers: customerList(of),
    firstInvoice: dateOrNull(extent.first_invoice),
    lastInvoice: dateOrNull(extent.last_invoice),
  });
  const totals = {
    aggregate: folded(customers, manifest),
    cut: dateOrNull(cut),
    beforeCut: before && folded(await readWhile(reader, before, aggregates, isRead), before),
    ledger: [...ledger],
    lines,
    reusedNumbers,
    later,
  };
  if (isWhole) return { totals, sample: null };
  const sample = await readWhile(reader, manifest.customers, scored, isRead);
  return { totals, sample: new Map(sample.map((customer) => [customer.customerId, customer])) };
}
