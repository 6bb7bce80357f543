import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { clustersCsv, customersCsv } from "@keyspaces-segmentation/cluster-store";
import { writeFailure, writeWhole } from "@keyspaces-segmentation/common";
import type { ClusteredCustomer, ClusterProfile } from "@keyspaces-segmentation/customer-clusters";
import { handOut } from "@keyspaces-segmentation/notebook-charts";
import type { Summary } from "./summary.js";

/** What a run found. */
export interface Results {
  customers: readonly ClusteredCustomer[];
  profiles: readonly ClusterProfile[];
  summary: Summary;
}

/** The file of customers: by another name where it has not all of them, so that nobody takes it for the whole list. */
export const customersFile = (isSample: boolean): string => (isSample ? "customers_sample.csv" : "customers.csv");

/**
 * Writes `customers.csv`, `clusters.csv`, `summary.json` and `segments.html`, a page to hand out, into a directory, which is made where it is missing.
 * Each file appears whole or, if the run ends here, stays as it was.
 *
 * @returns the paths written
 * @throws StepError naming the file that could not be written
 */
export async function writeResults(
  directory: string,
  { customers, profiles, summary }: Results,
  { isSample = false }: { isSample?: boolean } = {},
): Promise<string[]> {
  const files = {
    [customersFile(isSample)]: customersCsv(customers),
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
