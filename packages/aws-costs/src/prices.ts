import { readFileSync } from "node:fs";
import { join } from "node:path";
import { messageOf, parseDecimal, StepError } from "@keyspaces-segmentation/common";

/** What an instance of SageMaker does, each at its own price. */
export type InstanceUse = "training" | "transform" | "hosting";

/** Prices in US dollars, as exact decimal text. A group that a region lacks is not known. */
export interface RegionPrices {
  readonly keyspaces?: {
    readonly writePerMillion: string;
    readonly readPerMillion: string;
    readonly ttlDeletePerMillion: string;
    readonly storagePerGbMonth: string;
  };
  readonly s3?: {
    readonly writePerThousand: string;
    readonly readPerThousand: string;
    readonly storagePerGbMonth: string;
  };
  readonly kms?: { readonly requestsPerTenThousand: string };
  /** By type, an hour. */
  readonly instances?: Readonly<Record<string, Readonly<Partial<Record<InstanceUse, string>>>>>;
  /** Of SageMaker's serverless endpoints, while they answer. */
  readonly serverless?: { readonly secondWith2Gb: string };
  /** An hour of a DPU, and of one that has twice the memory. */
  readonly glue?: { readonly dpuHour: string; readonly memoryDpuHour?: string };
}

/** Where prices come from: the day they are of, the page to compare them with, and how they were found. */
export interface PriceSource {
  readonly published: string;
  readonly page: string;
  readonly from: string;
}

/** What `prices.json` holds. */
export interface PriceFile {
  readonly sources: Readonly<Record<keyof RegionPrices, PriceSource>>;
  readonly regions: Readonly<Record<string, RegionPrices>>;
}

/** The file beside this package, to be edited when prices change. */
export const pricesPath: string = join(__dirname, "..", "prices.json");

/**
 * Reads the file of prices.
 *
 * @throws StepError where it is missing or no JSON, or a price in it is no plain decimal
 */
export function readPrices(path: string = pricesPath): PriceFile {
  try {
    const file = JSON.parse(readFileSync(path, "utf8")) as PriceFile;
    checkPrices(file.regions, "regions");
    return file;
  } catch (cause) {
    const hint = 'It has to be JSON with `sources` and `regions`, each price a text such as "0.625".';
    throw new StepError({ tried: `read the prices in ${path}`, got: messageOf(cause), hint, cause });
  }
}

/** Whose prices stand in for those of a region that are not known: the region that all of them are known of. */
export const STAND_IN_REGION = "us-east-1";

/** The groups of prices. */
export type PriceGroup = keyof RegionPrices;

/**
 * The prices of a region, with those of {@link STAND_IN_REGION} where none are known. Not of regions in China, whose prices are in CNY.
 *
 * @returns `standIns`: the groups that are another region's
 */
export function pricesIn(
  { regions, sources }: PriceFile,
  region: string,
): { prices: RegionPrices; standIns: readonly PriceGroup[] } {
  const own = regions[region] ?? {};
  const others = region.startsWith("cn-") ? {} : (regions[STAND_IN_REGION] ?? {});
  const standIns = (Object.keys(sources) as PriceGroup[]).filter(
    (group) => own[group] === undefined && others[group] !== undefined,
  );
  return { prices: { ...others, ...own }, standIns };
}

function checkPrices(node: unknown, path: string): void {
  if (typeof node === "object" && node !== null) {
    for (const [name, inner] of Object.entries(node)) checkPrices(inner, `${path}.${name}`);
  } else if (typeof node !== "string" || (parseDecimal(node)?.unscaled ?? -1n) < 0n) {
    throw new TypeError(`${path} is no price: ${JSON.stringify(node)}`);
  }
}
