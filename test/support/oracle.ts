import { readFileSync } from "node:fs";
import { join } from "node:path";

const repository = join(__dirname, "../../..");

/** A file of test/fixtures, parsed. */
export function fixture<T>(name: string): T {
  return JSON.parse(readFileSync(join(repository, "test/fixtures", name), "utf8")) as T;
}

/** What oracle.py says about the generated data set. */
export interface RetailOracle {
  readonly seed: number;
  readonly customers: number;
  readonly sha256: string;
  readonly lines: number;
  readonly repeats: number;
  readonly rejects: readonly number[];
  readonly knownCustomers: number;
  readonly ledger: Readonly<Record<string, readonly [lines: number, amount: string]>>;
  readonly analysisDate: string;
  readonly preparations: Readonly<Record<"net" | "sales" | "as_published", PreparationOracle>>;
}

interface PreparationOracle {
  /** customer, country, recency, frequency, monetary, r, f, m, segment */
  readonly customers: readonly (readonly [string, string, number, number, number, number, number, number, string])[];
  readonly scaled: Readonly<Record<"min_max" | "log_standard", readonly (readonly number[])[]>>;
  readonly clusters: Readonly<
    Record<"min_max" | "log_standard", Readonly<Record<string, { inertia: number; sizes: number[] }>>>
  >;
}

export const retailOracle: RetailOracle = fixture("generated.json");
export const preparations = ["net", "sales", "as_published"] as const;
export const scalings = ["min_max", "log_standard"] as const;
