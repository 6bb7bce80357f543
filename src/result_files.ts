import { mkdir } from "node:fs/promises";
import { isAbsolute, join, sep } from "node:path";
import { guardedField, writeFailure, writeWhole } from "@keyspaces-segmentation/common";
import type { ClusterProfile, SegmentedCustomer } from "@keyspaces-segmentation/customer-clusters";
import { handOut } from "@keyspaces-segmentation/notebook-charts";
import type { Summary } from "./summary.js";

/** What a run found. */
export interface Results {
  customers: readonly SegmentedCustomer[];
  profiles: readonly ClusterProfile[];
  summary: Summary;
}

type CsvValue = string | number;

/** Lines of a header and rows. A number is one also where it begins with a minus; a text never becomes a formula. */
function csv(header: string, rows: readonly CsvValue[][]): string {
  const fields = rows.map((row) =>
    row.map((value) => (typeof value === "number" ? String(value) : guardedField(value))).join(","),
  );
  return [header, ...fields].map((line) => `${line}\n`).join("");
}

/** `customers.csv`: a line a customer, by cluster and within it by distance from its centre, the most typical first. */
export function customersCsv(customers: readonly SegmentedCustomer[]): string {
  const ordered = customers.toSorted(
    (a, b) => a.cluster - b.cluster || a.distance - b.distance || (a.customerId < b.customerId ? -1 : 1),
  );
  return csv(
    "customer_id,country,recency_days,frequency,monetary,r,f,m,segment,cluster,cluster_name,distance",
    ordered.map((of) => [
      of.customerId,
      of.country,
      of.recencyDays,
      of.frequency,
      of.monetary,
      of.r,
      of.f,
      of.m,
      of.segment,
      of.cluster,
      of.clusterName,
      of.distance,
    ]),
  );
}

/** `clusters.csv`: a line a cluster, also for an empty one, whose means and medians are empty fields: nobody's mean is not 0. */
export function clustersCsv(clusters: readonly ClusterProfile[]): string {
  return csv(
    "cluster,name,customers,recency_days_mean,frequency_mean,monetary_mean,revenue_share," +
      "recency_days_median,frequency_median,monetary_median",
    clusters.map((of) => [
      of.cluster,
      of.name,
      of.customers,
      ...(of.customers > 0 ? [of.recencyDaysMean, of.frequencyMean, of.monetaryMean] : ["", "", ""]),
      of.revenueShare,
      ...(of.customers > 0 ? [of.recencyDaysMedian, of.frequencyMedian, of.monetaryMedian] : ["", "", ""]),
    ]),
  );
}

/**
 * A link from the notebook to one of the results. An output folder that is given relative to the notebook is followed from there; with
 * any other the executed notebook lies in it, beside the results.
 */
export function linkToResult(
  name: string,
  { outputDirectory }: { outputDirectory: string },
): { text: string; href: string } {
  const path = isAbsolute(outputDirectory) ? name : join(outputDirectory, name);
  return { text: name, href: path.split(sep).map(encodeURIComponent).join("/") };
}

/**
 * Writes `customers.csv`, `clusters.csv`, `summary.json` and `segments.html`, a page to hand out, into a directory, which is made where it is missing.
 * Each file appears whole or, if the run ends here, stays as it was.
 *
 * @returns the paths written
 * @throws StepError naming the file that could not be written
 */
export async function writeResults(directory: string, { customers, profiles, summary }: Results): Promise<string[]> {
  const files = {
    "customers.csv": customersCsv(customers),
    "clusters.csv": clustersCsv(profiles),
    "summary.json": `${JSON.stringify(summary, null, 2)}\n`,
    "segments.html": handOut(summary),
  };
  const paths: string[] = [];
  for (const [name, content] of Object.entries(files)) {
    const path = join(directory, name);
    try {
      await mkdir(directory, { recursive: true });
      await writeWhole(path, content);
    } catch (error) {
      throw writeFailure("results", path, error, "run the cell again");
    }
    paths.push(path);
  }
  return paths;
}
