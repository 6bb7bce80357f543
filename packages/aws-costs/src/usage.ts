import type { InstanceUse, PriceGroup } from "./prices.js";

/** The steps that cost something, in their order, as they are shown. */
export const steps = {
  download: "4 Download",
  ingest: "5 Ingest",
  read: "6 Read",
  train: "7 Train",
  keep: "8 Keep results",
  further: "Going further",
  cleanUp: "9 Clean up",
} as const;

export type Step = keyof typeof steps;

/** What is paid for: request units, requests, seconds of an instance or of a DPU; and, for each month that it stays, bytes. */
export type Item =
  | "writeUnits"
  | "readUnits"
  | "s3Writes"
  | "s3Reads"
  | "kmsRequests"
  | `${InstanceUse}:${string}`
  | typeof SERVERLESS
  | "glueDpuSeconds"
  | "glueMemoryDpuSeconds"
  | "keyspacesBytes"
  | "s3Bytes";

/** A serverless endpoint with 2 GB, which is billed while it answers. */
export const SERVERLESS = "serverless2Gb";

/** Whether it is paid for by the month as long as it is kept, and not by the run. */
export const isMonthly = (item: Item): boolean => item === "keyspacesBytes" || item === "s3Bytes";

/** The group of prices that it is paid by. */
export function groupOf(item: Item): PriceGroup {
  if (item === "kmsRequests") return "kms";
  if (item.startsWith("glue")) return "glue";
  if (item === SERVERLESS) return "serverless";
  if (item.startsWith("s3")) return "s3";
  return item.includes(":") ? "instances" : "keyspaces";
}

/** How much of each item each step takes. */
export class Usage {
  private readonly quantities = new Map<Step, Map<Item, number>>();

  add(step: Step, item: Item, quantity: number): void {
    if (quantity === 0) return;
    const ofStep = this.quantities.get(step) ?? new Map<Item, number>();
    this.quantities.set(step, ofStep);
    ofStep.set(item, (ofStep.get(item) ?? 0) + quantity);
  }

  quantity(step: Step, item: Item): number {
    return this.quantities.get(step)?.get(item) ?? 0;
  }

  /** Of all steps together. */
  total(item: Item): number {
    return (Object.keys(steps) as Step[]).reduce((sum, step) => sum + this.quantity(step, item), 0);
  }

  /** In the order of the steps. */
  entries(): { step: Step; item: Item; quantity: number }[] {
    return (Object.keys(steps) as Step[]).flatMap((step) =>
      [...(this.quantities.get(step) ?? [])].map(([item, quantity]) => ({ step, item, quantity })),
    );
  }
}
