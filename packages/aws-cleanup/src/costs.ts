import { dpuItemOf, dpusOf, priceOf, type RegionPrices, readPrices } from "@keyspaces-segmentation/aws-costs";
import { formatNumber, formatPlural } from "@keyspaces-segmentation/common";
import type { MadeThing } from "@keyspaces-segmentation/sagemaker-kmeans";
import type { Cost } from "./rows.js";

const HOURS_A_MONTH = 730;
const GB = 2 ** 30;
const NOTHING: Cost = { usdPerHour: 0, cost: "costs nothing" };

/** What it costs to let things stay, by the prices of a region. */
export interface Costs {
  objects(bytes: number): Cost;
  tables(): Cost;
  made(thing: Pick<MadeThing, "kind" | "instances">): Cost;
  /** A run that is under way. */
  glue(of: { workerType: string; workers: number }): Cost;
  nothing(): Cost;
}

/** @throws StepError where the file of prices cannot be read */
export function costsIn(region: string): Costs {
  const prices: RegionPrices = readPrices().regions[region] ?? {};
  return {
    objects(bytes) {
      const price = prices.s3?.storagePerGbMonth;
      const size = sizeText(bytes);
      if (price === undefined) return { usdPerHour: null, cost: `${size} of storage` };
      const month = (bytes / GB) * Number(price);
      return { usdPerHour: month / HOURS_A_MONTH, cost: `${size} of storage, ${usd(month)} a month` };
    },
    tables() {
      const price = prices.keyspaces?.storagePerGbMonth;
      return { usdPerHour: null, cost: price === undefined ? "storage" : `storage, $${price} per GB and month` };
    },
    made({ kind, instances }) {
      if (kind === "model" || kind === "endpoint configuration") return NOTHING;
      if (instances === "serverless") return { usdPerHour: 0, cost: "serverless: costs nothing while it is not asked" };
      if (!instances) return { usdPerHour: null, cost: "billed until it is gone" };
      const { type, count, use } = instances;
      const price = prices.instances?.[type]?.[use];
      const what = count === 1 ? type : `${count} × ${type}`;
      if (price === undefined) return { usdPerHour: null, cost: `${what}, billed until it is gone` };
      const hour = Number(price) * count;
      return { usdPerHour: hour, cost: `${what}, ${usd(hour)} an hour` };
    },
    glue({ workerType, workers }) {
      const price = priceOf(dpuItemOf(workerType), prices);
      const what = `${workers} × ${workerType}`;
      if (price === null) return { usdPerHour: null, cost: `${what}, billed until it ends` };
      const hour = Number(price) * workers * dpusOf(workerType);
      return { usdPerHour: hour, cost: `${what}, ${usd(hour)} an hour` };
    },
    nothing: () => NOTHING,
  };
}

const usd = (amount: number): string =>
  amount > 0 && amount < 0.00005 ? "below $0.0001" : `$${formatNumber(amount, 4)}`;

function sizeText(bytes: number): string {
  if (bytes < 1e3) return formatPlural(bytes, "byte");
  const [size, unit] = bytes < 1e6 ? [bytes / 1e3, "KB"] : bytes < 1e9 ? [bytes / 1e6, "MB"] : [bytes / 1e9, "GB"];
  return `${formatNumber(size, 1)} ${unit}`;
}
