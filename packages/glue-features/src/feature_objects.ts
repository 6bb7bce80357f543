import { type AwsSession, readObject } from "@keyspaces-segmentation/aws-session";
import { type Decimal, parseDecimal, StepError } from "@keyspaces-segmentation/common";
import {
  type CustomerAggregate,
  inCustomerOrder,
  type LedgerBin,
  type RetailAggregate,
  type RetailTotals,
} from "@keyspaces-segmentation/invoices";
import { RFC_4180, recordSplitter } from "@keyspaces-segmentation/table-files";

/** Objects of one kind, and how many rows they have. */
interface ObjectList {
  readonly objects: readonly { readonly key: string; readonly rows: number }[];
}

interface Aggregates extends ObjectList {
  readonly customers: number;
}

/** What the script writes last of all: that it is there says that the rest is complete. */
export interface Manifest {
  readonly version: number;
  readonly cut: string | null;
  readonly lines: number;
  readonly reused_numbers: number;
  readonly later: { readonly lines: number; readonly amount: string };
  readonly first_invoice: string | null;
  readonly last_invoice: string | null;
  readonly ledger: readonly LedgerBin[];
  readonly aggregates: Aggregates;
  readonly before_cut:
    | (Aggregates & { readonly first_invoice: string | null; readonly last_invoice: string | null })
    | null;
  readonly train: ObjectList & { readonly rows: number; readonly columns: readonly string[] };
  readonly customers: ObjectList;
  readonly seconds: number;
}

/** Where a run has written. */
export interface FeaturesPlace {
  readonly bucket: string;
  /** Without a slash at its end. */
  readonly prefix: string;
}

const VERSION = 1;

const columns = [
  ...["customer_id", "country", "purchase_invoices", "last_purchase", "sales_amount", "net_amount"],
  ...["merged_invoices", "merged_last_line", "merged_amount"],
];

const uriOf = ({ bucket, prefix }: FeaturesPlace, key: string): string => `s3://${bucket}/${prefix}/${key}`;

/** @throws StepError where it is not there, or of another version than is understood here */
export async function readManifest(
  aws: AwsSession,
  place: FeaturesPlace,
  signal: AbortSignal | undefined,
): Promise<Manifest> {
  const at = { bucket: place.bucket, key: `${place.prefix}/manifest.json` };
  const manifest = JSON.parse(Buffer.from(await readObject(aws, at, { signal })).toString("utf8")) as Manifest;
  if (manifest.version === VERSION) return manifest;
  const got = `it is of version ${manifest.version}, and ${VERSION} is understood here`;
  throw new StepError({ tried: `read ${uriOf(place, "manifest.json")}`, got });
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

function aggregateOf(fields: readonly string[]): CustomerAggregate {
  const [customerId = "", country = "", invoices = "", lastPurchase, sales = "", net = "", ...merged] = fields;
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
}

/** The customers in one object. @throws TypeError for what the script does not write */
function customersIn(text: string): CustomerAggregate[] {
  const [heading, ...records] = recordSplitter(RFC_4180)(text, true);
  if (heading?.fields.join() !== columns.join()) throw new TypeError(`its heading is ${JSON.stringify(heading?.text)}`);
  return records.map(({ fields, problem, lineNumber }) => {
    if (problem === undefined && fields.length === columns.length) return aggregateOf(fields);
    throw new TypeError(`line ${lineNumber}: ${problem ?? `${fields.length} fields`}`);
  });
}

/** @throws StepError for an object that is not there, or does not hold what the manifest says */
async function readAggregates(
  aws: AwsSession,
  place: FeaturesPlace,
  { customers: expected, objects }: Aggregates,
  signal: AbortSignal | undefined,
): Promise<CustomerAggregate[]> {
  const customers: CustomerAggregate[] = [];
  for (const { key, rows } of objects) {
    const at = { bucket: place.bucket, key: `${place.prefix}/${key}` };
    const text = Buffer.from(await readObject(aws, at, { signal })).toString("utf8");
    const tried = `read ${uriOf(place, key)}`;
    let found: CustomerAggregate[];
    try {
      found = customersIn(text);
    } catch (cause) {
      throw new StepError({ tried, got: cause instanceof Error ? cause.message : String(cause), cause });
    }
    if (found.length !== rows) {
      throw new StepError({ tried, got: `it has ${found.length} customers, and the manifest says ${rows}` });
    }
    for (const customer of found) customers.push(customer);
  }
  if (customers.length === expected) return customers;
  const got = `they have ${customers.length} customers, and the manifest says ${expected}`;
  throw new StepError({ tried: `read the aggregates in ${uriOf(place, "")}`, got });
}

/**
 * Reads what a run has found out: the same as a scan of the table comes to.
 *
 * @throws StepError for objects that are not there or do not hold what the manifest says; the signal's reason when aborted
 */
export async function readTotals(
  aws: AwsSession,
  place: FeaturesPlace,
  manifest: Manifest,
  { signal }: { signal?: AbortSignal | undefined } = {},
): Promise<RetailTotals> {
  const read = async (
    aggregates: Aggregates,
    extent: Pick<Manifest, "first_invoice" | "last_invoice">,
  ): Promise<RetailAggregate> => ({
    customers: inCustomerOrder(await readAggregates(aws, place, aggregates, signal)),
    firstInvoice: dateOrNull(extent.first_invoice),
    lastInvoice: dateOrNull(extent.last_invoice),
  });
  const { aggregates, before_cut: before, cut, ledger, lines, reused_numbers: reusedNumbers, later } = manifest;
  return {
    aggregate: await read(aggregates, manifest),
    cut: dateOrNull(cut),
    beforeCut: before && (await read(before, before)),
    ledger: [...ledger],
    lines,
    reusedNumbers,
    later,
  };
}
