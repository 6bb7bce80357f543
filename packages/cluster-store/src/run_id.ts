import { createHash } from "node:crypto";

/** All that the results of a run come from. */
export interface RunSources {
  readonly loads: readonly { readonly fingerprint: string }[];
  /** YYYY-MM-DD. */
  readonly analysisDate: string;
  /** With their features and scores, in any order. */
  readonly customers: readonly { readonly customerId: string }[];
  readonly training: { readonly arn: string; readonly job: string };
}

/** How a run looks at its data. */
export interface RunView {
  readonly keyspace: string;
  readonly table: string;
  readonly preparation: string;
  /** Four bounds for the scores of each feature; null where they are fifths of the customers. */
  readonly recencyCuts: readonly number[] | null;
  readonly frequencyCuts: readonly number[] | null;
  readonly monetaryCuts: readonly number[] | null;
  readonly scaling: string;
  readonly k: number;
}

/** How such an id looks, as a part of a pattern. */
export const RUN_ID = "\\d{4}-\\d\\d-\\d\\d-[^/]+-k\\d+-[0-9a-f]{10}";

/**
 * The id of a run: the same each time that the same data are looked at in the same way with the same training, another one where
 * anything of that is different. A training alone does not tell runs apart: features that scale to the same numbers share one.
 *
 * @example runIdOf(view, sources) // "2010-12-09-net-min_max-k6-91c0e5a2f7"
 */
export function runIdOf(
  { keyspace, table, preparation, recencyCuts, frequencyCuts, monetaryCuts, scaling, k }: RunView,
  { loads, analysisDate, customers, training }: RunSources,
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
