import { type Decimal, DecimalSum, formatDecimal, parseDecimal } from "@keyspaces-segmentation/common";
import type { InstanceUse, RegionPrices } from "./prices.js";
import { type Item, isMonthly, SERVERLESS, type Step, steps, type Usage } from "./usage.js";

/** What is paid for one item of one step. */
export interface CostLine {
  readonly step: string;
  readonly item: string;
  readonly quantity: number;
  /** Exact decimal text, and for how much; null where no price is known. */
  readonly price: string | null;
  readonly per: string;
  /** Exact decimal text, to 10⁻¹² of a dollar; null where no price is known. */
  readonly usd: string | null;
  /** Whether it is paid for each month, and not once. */
  readonly isMonthly: boolean;
}

/** What all of it costs. */
export interface Bill {
  readonly lines: readonly CostLine[];
  /** What is known of the run. */
  readonly totalUsd: string;
  /** For each month that what it has made is kept. */
  readonly monthlyUsd: string;
  /** Items of the lines for which no price is known. */
  readonly unknown: readonly string[];
}

/** How an item is called and counted, and what it costs. */
interface Priced {
  readonly name: string;
  readonly price: string | undefined;
  /** So many of the quantity cost the price. */
  readonly divisor: number;
  readonly per: string;
}

const GB = 2 ** 30;

function pricedAs(item: Item, { keyspaces, s3, kms, instances, serverless, glue }: RegionPrices): Priced {
  const of = (name: string, price: string | undefined, divisor: number, per: string): Priced => {
    return { name, price, divisor, per };
  };
  switch (item) {
    case "writeUnits":
      return of("write units", keyspaces?.writePerMillion, 1_000_000, "million");
    case "readUnits":
      return of("read units", keyspaces?.readPerMillion, 1_000_000, "million");
    case "s3Writes":
      return of("S3 writes and lists", s3?.writePerThousand, 1000, "1,000");
    case "s3Reads":
      return of("S3 reads", s3?.readPerThousand, 1000, "1,000");
    case "kmsRequests":
      return of("KMS requests", kms?.requestsPerTenThousand, 10_000, "10,000");
    case "keyspacesBytes":
      return of("bytes in Keyspaces", keyspaces?.storagePerGbMonth, GB, "GB and month");
    case "s3Bytes":
      return of("bytes in S3", s3?.storagePerGbMonth, GB, "GB and month");
    case "glueDpuSeconds":
      return of("DPU-seconds of Glue", glue?.dpuHour, 3600, "DPU-hour");
    case "glueMemoryDpuSeconds":
      return of("M-DPU-seconds of Glue", glue?.memoryDpuHour, 3600, "M-DPU-hour");
    case SERVERLESS:
      return of("seconds of a serverless endpoint", serverless?.secondWith2Gb, 1, "second");
    default: {
      const [use, type] = item.split(":") as [InstanceUse, string];
      return of(`seconds of ${use} on ${type}`, instances?.[type]?.[use], 3600, "hour");
    }
  }
}

/** The price of a known item, and what it is for; null where it is not known. */
export const priceOf = (item: Item, prices: RegionPrices): string | null => pricedAs(item, prices).price ?? null;

const SCALE = 12;

/** Exact until it is rounded, half up, at 10⁻¹² of a dollar. */
function moneyFor(quantity: number, price: string, divisor: number): Decimal {
  const amount = parseDecimal(String(quantity)) ?? parseDecimal(quantity.toFixed(3))!;
  const each = parseDecimal(price)!;
  const exact = amount.unscaled * each.unscaled * 10n ** BigInt(SCALE);
  const under = BigInt(divisor) * 10n ** BigInt(amount.scale + each.scale);
  return { unscaled: (2n * exact + under) / (2n * under), scale: SCALE };
}

/** Puts a price to what is used. Only the steps in `only`, where it is given. */
export function billOf(usage: Usage, prices: RegionPrices, only?: Step): Bill {
  const [total, monthly] = [new DecimalSum(), new DecimalSum()];
  const unknown = new Set<string>();
  const lines: CostLine[] = [];
  for (const { step, item, quantity } of usage.entries()) {
    if (only !== undefined && step !== only) continue;
    const { name, price, divisor, per } = pricedAs(item, prices);
    const money = price === undefined ? undefined : moneyFor(quantity, price, divisor);
    if (money === undefined) unknown.add(name);
    else (isMonthly(item) ? monthly : total).add(money.unscaled, money.scale);
    const usd = money === undefined ? null : formatDecimal(money);
    lines.push({ step: steps[step], item: name, quantity, price: price ?? null, per, usd, isMonthly: isMonthly(item) });
  }
  const text = (sum: DecimalSum) => formatDecimal(sum.value());
  return { lines, totalUsd: text(total), monthlyUsd: text(monthly), unknown: [...unknown] };
}
