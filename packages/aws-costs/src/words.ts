import { formatNumber } from "@keyspaces-segmentation/common";
import { type Bill, billOf, type CostLine } from "./lines.js";
import type { PriceFile, PriceGroup, RegionPrices } from "./prices.js";
import { groupOf, steps, type Usage } from "./usage.js";

/** What was estimated, and the prices by which. */
export interface Estimated {
  readonly region: string;
  readonly file: PriceFile;
  readonly prices: RegionPrices;
  /** The groups of prices that are another region's. */
  readonly standIns: readonly PriceGroup[];
  readonly usage: Usage;
}

/** A row of the table of costs, in words: what was estimated and, where it was counted, what it was. */
export interface CostRow {
  readonly step: string;
  readonly what: string;
  readonly price: string;
  readonly estimated: string;
  readonly estimatedCost: string;
  readonly counted?: string;
  readonly cost?: string;
}

/** "$0.0125"; what is more than nothing is never shown as nothing. */
export function usd(amount: number, digits = 4): string {
  const least = 10 ** -digits;
  return amount > 0 && amount < least / 2
    ? `below $${formatNumber(least, digits)}`
    : `$${formatNumber(amount, digits)}`;
}

const UNKNOWN = "not known";

const names: Readonly<Record<PriceGroup, string>> = {
  keyspaces: "Keyspaces",
  s3: "S3",
  kms: "KMS",
  instances: "SageMaker",
  serverless: "serverless endpoints",
  glue: "Glue",
};

/** Those of the groups that something is used of, as they are called. */
export function servicesIn(usage: Usage, groups: readonly PriceGroup[]): string[] {
  const used = new Set(usage.entries().map(({ item }) => groupOf(item)));
  return groups.filter((group) => used.has(group)).map((group) => names[group]);
}

/** "Keyspaces of 2025-11-05, S3, KMS and SageMaker of 2026-08-11". */
export function sourcesText({ sources }: PriceFile): string {
  const byDay = new Map<string, string[]>();
  for (const group of ["keyspaces", "s3", "kms", "instances", "glue"] as const) {
    const name = names[group];
    const day = sources[group].published;
    byDay.set(day, [...(byDay.get(day) ?? []), name]);
  }
  return [...byDay].map(([day, services]) => `${day} (${services.join(", ")})`).join(" and ");
}

/** What one step takes of one item, before and after. */
interface Pair {
  readonly before: CostLine | undefined;
  readonly after: CostLine | undefined;
}

/** The lines of two bills side by side, in the order of the steps. */
function pairs(estimate: Bill, meter: Bill | undefined): Pair[] {
  const keyOf = ({ step, item }: CostLine) => `${step}\n${item}`;
  const found = new Map<string, Pair>();
  for (const line of estimate.lines) found.set(keyOf(line), { before: line, after: undefined });
  for (const line of meter?.lines ?? []) {
    found.set(keyOf(line), { before: found.get(keyOf(line))?.before, after: line });
  }
  const order: readonly string[] = Object.values(steps);
  const stepOf = ({ before, after }: Pair) => order.indexOf((before ?? after)!.step);
  return [...found.values()].sort((a, b) => stepOf(a) - stepOf(b));
}

/** What costs less than that is shown in one row with all that does. */
const LEAST_USD = 0.00005;

const isSmall = ({ before, after }: Pair): boolean =>
  [before, after].every((line) => line === undefined || (line.usd !== null && Number(line.usd) < LEAST_USD));

/** A row for each item of each step that costs something, and the sums. */
export function costRows({ usage, prices }: Estimated, metered: Usage | undefined): CostRow[] {
  const [estimate, meter] = [billOf(usage, prices), metered && billOf(metered, prices)];
  const all = pairs(estimate, meter);
  const isMonthly = ({ before, after }: Pair) => (before ?? after)!.isMonthly;
  const row = (what: Pick<CostRow, "step" | "what" | "price">, before: [string, string], after: [string, string]) => {
    const [estimated, estimatedCost] = before;
    const [counted, cost] = after;
    return { ...what, estimated, estimatedCost, ...(meter && { counted, cost }) };
  };
  const shown = (line: CostLine | undefined): [string, string] =>
    line === undefined
      ? ["–", "–"]
      : [formatNumber(line.quantity), line.usd === null ? UNKNOWN : usd(Number(line.usd))];
  const rowOf = ({ before, after }: Pair): CostRow => {
    const { step, item, price, per, isMonthly: monthly } = (before ?? after)!;
    const words = { what: item, price: price === null ? UNKNOWN : `$${price} per ${per}` };
    return row({ step: monthly ? `${step}, kept` : step, ...words }, shown(before), shown(after));
  };
  const sum = (step: string, what: string, of: (bill: Bill | undefined) => number): CostRow =>
    row({ step, what, price: "" }, ["", usd(of(estimate))], ["", usd(of(meter))]);
  const small = all.filter((pair) => isSmall(pair) && !isMonthly(pair));
  const ofSmall = (bill: Bill | undefined) =>
    small.reduce((total, { before, after }) => total + Number((bill === estimate ? before : after)?.usd ?? 0), 0);
  const smallItems = [...new Set(small.map(({ before, after }) => (before ?? after)!.item))].join(", ");
  return [
    ...all.filter((pair) => !isSmall(pair) && !isMonthly(pair)).map(rowOf),
    ...(small.length > 0 ? [sum("All steps", `what is small: ${smallItems}`, ofSmall)] : []),
    sum("The run", "", (bill) => Number(bill?.totalUsd ?? 0)),
    sum("Each month that it is kept", "Keyspaces and S3 storage", (bill) => Number(bill?.monthlyUsd ?? 0)),
  ];
}
