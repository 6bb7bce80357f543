import { expect } from "@jest/globals";
import { formatDecimal, parseDecimal, withoutTrailingZeros } from "@keyspaces-segmentation/common/dist/decimal.js";
import { applyScaler, featureMatrix, fitScaler, type Scaling } from "@keyspaces-segmentation/customer-clusters";
import { type Preparation, prepareFeatures, type RetailTotals, scoreCustomers } from "@keyspaces-segmentation/invoices";
import type { CustomerAggregate } from "@keyspaces-segmentation/invoices/dist/aggregate.js";
import { countedOf, PREPARATIONS } from "@keyspaces-segmentation/invoices/dist/rfm.js";
import { csvRows } from "./spark_world.js";

/** What a run of rfm_features wrote, by key. */
type Objects = ReadonlyMap<string, string>;

interface Choice {
  readonly preparation: Preparation;
  readonly scaling: Scaling;
  readonly format: "csv" | "recordio";
  readonly analysisDate?: string;
}

interface Manifest {
  readonly ledger: readonly { bin: string; lines: number; amount: string }[];
  readonly later: { lines: number; amount: string };
  readonly train: {
    rows: number;
    scaler: { scaling: string; offset: number[]; factor: number[] };
    objects: { key: string; rows: number }[];
  };
  readonly customers: { objects: { key: string; rows: number }[] };
  readonly aggregates: { customers: number; objects: { key: string; rows: number }[] };
  readonly before_cut: null | { customers: number; objects: { key: string; rows: number }[] };
  readonly [name: string]: unknown;
}

/** Decimal text without zeros at its end: 2.50 and 2.5 are one amount. */
const plain = (amount: string): string => formatDecimal(withoutTrailingZeros(parseDecimal(amount)!));

const aggregateRow = ({ customerId, country, merged, ...of }: CustomerAggregate) => ({
  customer_id: customerId,
  country,
  purchase_invoices: String(of.purchaseInvoices),
  last_purchase: of.lastPurchase?.toISOString() ?? "",
  sales_amount: formatDecimal(withoutTrailingZeros(of.salesAmount)),
  net_amount: formatDecimal(withoutTrailingZeros(of.netAmount)),
  merged_invoices: String(merged?.invoices ?? 0),
  merged_last_line: merged?.lastLine.toISOString() ?? "",
  merged_amount: merged === null ? "0" : formatDecimal(withoutTrailingZeros(merged.amount)),
});

const byId = (a: { customer_id?: string }, b: { customer_id?: string }): number =>
  a.customer_id! < b.customer_id! ? -1 : 1;

const rowsOf = (objects: Objects, parts: readonly { key: string; rows: number }[]): Record<string, string>[] =>
  parts.flatMap(({ key, rows }) => {
    const found = csvRows(objects.get(key) ?? "");
    expect({ key, rows: found.length }).toEqual({ key, rows });
    return found;
  });

/**
 * Holds what Spark wrote against what the scan and the parts under `packages` come to, row for row: amounts to the last digit, what is
 * trained with to the last bit (or, of logarithms, to twelve digits).
 */
export function expectSameFeatures(objects: Objects, totals: RetailTotals, choice: Choice): Manifest {
  const manifest = JSON.parse(objects.get("manifest.json")!) as Manifest;
  const { preparation, scaling, format, analysisDate } = choice;
  const { aggregate } = totals;
  const amounts = <T extends { amount: string }>(of: T) => ({ ...of, amount: plain(of.amount) });

  // All lines.
  const prepared = prepareFeatures(aggregate, { preparation, analysisDate: analysisDate ?? null });
  expect({ ...manifest, ledger: manifest.ledger.map(amounts), later: amounts(manifest.later) }).toMatchObject({
    lines: totals.lines,
    reused_numbers: totals.reusedNumbers,
    ledger: totals.ledger.map(amounts),
    later: amounts(totals.later),
    first_invoice: aggregate.firstInvoice?.toISOString(),
    last_invoice: aggregate.lastInvoice?.toISOString(),
    analysis_date: prepared.analysisDate,
    preparations: Object.fromEntries(PREPARATIONS.map((name) => [name, sumsOf([...aggregate.customers], name)])),
  });

  // Every customer, for all preparations.
  const aggregates = rowsOf(objects, manifest.aggregates.objects);
  expect(aggregates.sort(byId)).toEqual([...aggregate.customers].map(aggregateRow).sort(byId));

  const { beforeCut } = totals;
  if (beforeCut === null) expect(manifest.before_cut).toBeNull();
  else {
    const before = rowsOf(objects, manifest.before_cut!.objects);
    expect(before.sort(byId)).toEqual([...beforeCut.customers].map(aggregateRow).sort(byId));
    expect(manifest.before_cut).toMatchObject({
      first_invoice: beforeCut.firstInvoice?.toISOString() ?? null,
      last_invoice: beforeCut.lastInvoice?.toISOString() ?? null,
    });
  }

  // The customers of the chosen one, with scores and segments.
  const scored = scoreCustomers(prepared.customers, preparation);
  const beside = rowsOf(objects, manifest.customers.objects);
  const numbers = ["recency_days", "frequency", "monetary", "r", "f", "m"] as const;
  const asNumbers = (row: Record<string, string>) => ({
    ...row,
    ...Object.fromEntries(numbers.map((name) => [name, Number(row[name])])),
  });
  expect([...beside].sort(byId).map(asNumbers)).toEqual(
    scored
      .map(({ customerId, recencyDays, ...of }) => ({ customer_id: customerId, recency_days: recencyDays, ...of }))
      .sort(byId),
  );

  // What is trained with, row by row that of the customer beside it.
  const features = featureMatrix(scored);
  const scaler = fitScaler(features, scaling);
  const { values } = applyScaler(features, scaler);
  const place = new Map(scored.map(({ customerId }, i) => [customerId, i]));
  const trained = manifest.train.objects.flatMap(({ key }) => trainingRows(objects.get(key)!, format));
  const expected = beside.map(({ customer_id }) => {
    const at = 3 * place.get(customer_id!)!;
    return [...values.subarray(at, at + 3)].map(format === "recordio" ? Math.fround : Number);
  });
  expect(manifest.train.scaler.scaling).toBe(scaling);
  if (scaling === "min_max") {
    expect(manifest.train.scaler).toEqual(scaler);
    expect(trained).toEqual(expected);
  } else {
    expect(trained).toHaveLength(expected.length);
    const digits = format === "recordio" ? 6 : 12;
    const differing = trained.filter((row, i) =>
      row.some((value, j) => Math.abs(value - expected[i]![j]!) > 10 ** -digits * Math.max(1, Math.abs(value))),
    );
    expect(differing).toEqual([]);
  }
  return manifest;
}

function sumsOf(customers: readonly CustomerAggregate[], preparation: Preparation) {
  const counted = customers.flatMap((customer) => countedOf(customer, preparation) ?? []);
  const [scale, digits] = [30, 10n ** 30n];
  const unscaled = counted.reduce(
    (sum, { amount }) => sum + (amount.unscaled * digits) / 10n ** BigInt(amount.scale),
    0n,
  );
  return {
    customers: counted.length,
    frequency: counted.reduce((sum, { frequency }) => sum + frequency, 0),
    monetary: formatDecimal(withoutTrailingZeros({ unscaled, scale })),
  };
}

/** Rows of a training object, read as its format says, without what writes it. */
function trainingRows(text: string, format: "csv" | "recordio"): number[][] {
  if (format === "csv") {
    return text
      .trimEnd()
      .split("\n")
      .map((line) => line.split(",").map(Number));
  }
  const bytes = Buffer.from(text, "latin1");
  const rows: number[][] = [];
  // Magic number, length, payload that ends with three floats, padding: no value here looks like a magic number.
  for (let at = 0; at < bytes.length; ) {
    const length = bytes.readUInt32LE(at + 4);
    const end = at + 8 + length;
    rows.push([12, 8, 4].map((back) => bytes.readFloatLE(end - back)));
    at = end + ((4 - (length % 4)) % 4);
  }
  return rows;
}
