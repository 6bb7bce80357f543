import { formatPlural } from "@keyspaces-segmentation/common";
import { type RunPlan, sparkRates, workersOf, writingSeconds } from "./estimate.js";
import { readingSeconds } from "./glue.js";

/** That Spark's job would be ended, and be billed, before it has read so many rows; a sentence, where it would. */
export function readingTooSlow(rows: number, plan: RunPlan): string[] {
  const seconds = readingSeconds(rows, workersOf(plan));
  const what = `reading ${formatPlural(rows, "row")} takes about ${inMinutes(seconds)}`;
  return tooSlow(plan, { seconds, what, set: "the parameter `sparkWorkers`" });
}

/** The same before it has written the clusters of so many customers. @param isEstimate whether there may be fewer, or more */
export function writingTooSlow(customers: number, plan: RunPlan, { isEstimate }: { isEstimate: boolean }): string[] {
  const seconds = writingSeconds(customers, plan);
  const whose = `${isEstimate ? "about " : ""}${formatPlural(customers, "customer")}`;
  const { asked, written } = sparkRates(plan);
  const what = `it needs a minute to begin and ${inMinutes(seconds)} to write the clusters of ${whose}`;
  return tooSlow(plan, {
    seconds: 60 + seconds,
    what,
    set:
      written < asked ? "the parameter `sparkWorkers`" : "the parameter `maxRowsPerSecond`, where the tables take more",
  });
}

const inMinutes = (seconds: number): string => formatPlural(Math.ceil(seconds / 60), "minute");

function tooSlow(
  { engine, sparkTimeoutMinutes: limit = Number.POSITIVE_INFINITY }: RunPlan,
  { seconds, what, set }: { seconds: number; what: string; set: string },
): string[] {
  if (engine !== "spark" || seconds <= 60 * limit) return [];
  return [
    `Spark may not come to its end: ${what}, and its job is ended after ${formatPlural(limit, "minute")}. Set the parameter \`sparkTimeoutMinutes\` higher, or ${set}.`,
  ];
}
