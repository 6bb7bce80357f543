import { createHash } from "node:crypto";
import type { Load } from "@keyspaces-segmentation/invoice-store";
import type { ScoredCustomer } from "@keyspaces-segmentation/invoices";
import type { TrainingResult } from "@keyspaces-segmentation/sagemaker-kmeans";
import type { Parameters } from "./settings.js";

/** All that the results of a run come from. */
export interface RunInputs {
  loads: readonly Pick<Load, "fingerprint">[];
  /** YYYY-MM-DD. */
  analysisDate: string;
  /** In any order. */
  customers: readonly ScoredCustomer[];
  training: Pick<TrainingResult, "arn" | "job">;
}

type RunParameters = Pick<
  Parameters,
  "keyspace" | "table" | "preparation" | "recencyCuts" | "frequencyCuts" | "monetaryCuts" | "scaling" | "k"
>;

/**
 * The id of a run: the same each time that the same data are looked at in the same way with the same training, another one where
 * anything of that is different. A training alone does not tell runs apart: features that scale to the same numbers share one.
 *
 * @example runIdOf(parameters, inputs) // "2010-12-09-net-min_max-k6-91c0e5a2f7"
 */
export function runIdOf(
  { keyspace, table, preparation, recencyCuts, frequencyCuts, monetaryCuts, scaling, k }: RunParameters,
  { loads, analysisDate, customers, training }: RunInputs,
): string {
  const hash = createHash("sha256");
  const cuts = { recencyCuts, frequencyCuts, monetaryCuts };
  const fingerprints = loads.map(({ fingerprint }) => fingerprint).sort();
  const trained = { scaling, k, arn: training.arn, job: training.job };
  hash.update(JSON.stringify({ keyspace, table, fingerprints, analysisDate, preparation, cuts, trained }));
  for (const customer of customers.toSorted((a, b) => (a.customerId < b.customerId ? -1 : 1))) {
    hash.update(JSON.stringify(customer));
  }
  // 40 bits tell the runs on one table apart, as they do trainings.
  return `${analysisDate}-${preparation}-${scaling}-k${k}-${hash.digest("hex").slice(0, 10)}`;
}
