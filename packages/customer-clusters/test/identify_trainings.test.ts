import { describe, expect, test } from "@jest/globals";
import { packModel } from "@keyspaces-segmentation/aws-local/dist/sagemaker/kmeans/model_artifact.js";
import { trainKMeans } from "@keyspaces-segmentation/aws-local/dist/sagemaker/kmeans/train.js";
import { moneyOf } from "@keyspaces-segmentation/common";
import {
  clustersToRegister,
  type FoundClusters,
  identifyClusters,
} from "@keyspaces-segmentation/customer-clusters/dist/identify.js";
import type { Identities, RegisteredClusters } from "@keyspaces-segmentation/customer-clusters/dist/identity.js";
import { describeIdentities } from "@keyspaces-segmentation/customer-clusters/dist/identity_words.js";
import {
  applyScaler,
  featureMatrix,
  fitScaler,
  type Scaling,
} from "@keyspaces-segmentation/customer-clusters/dist/scale.js";
import { type CustomerFeatures, prepareFeatures } from "@keyspaces-segmentation/invoices";
import { assignClusters, seededRandom } from "@keyspaces-segmentation/kmeans";
import {
  contentTypeOf,
  hyperparametersOnWire,
  type KMeansHyperparameters,
  steadyHyperparameters,
} from "@keyspaces-segmentation/sagemaker-kmeans/dist/algorithm.js";
import { readModelArtifact } from "@keyspaces-segmentation/sagemaker-kmeans/dist/model_artifact.js";
import { trainingObjects } from "@keyspaces-segmentation/sagemaker-kmeans/dist/training_data.js";
import { generateRetailCsv } from "../../../local/data/generate.js";
import { retailOracle } from "../../../test/support/oracle.js";
import { aggregateLines, parseText } from "../../../test/support/retail.js";

const gbp = { money: moneyOf("GBP") };

/** The customers of the generated data set, as pandas prepares them. */
const few = retailOracle.preparations.net.customers.map(
  ([customerId, country, recencyDays, frequency, monetary]): CustomerFeatures => ({
    customerId,
    country,
    recencyDays,
    frequency,
    monetary,
  }),
);

/** Those that a run without a data file has. */
const started = parseText(generateRetailCsv({ seed: 1 })).then(
  ({ lines }): CustomerFeatures[] => prepareFeatures(aggregateLines(lines), { preparation: "net" }).customers,
);

const settings = [
  ["min_max", 6],
  ["min_max", 4],
  ["log_standard", 4],
] as const;

interface Run {
  readonly found: FoundClusters;
  /** What the run before had left. */
  readonly known: RegisteredClusters | null;
  readonly identities: Identities;
}

/** 50 runs on the same data, each with a training of its own chance, each knows the clusters of the one before. */
async function runs(
  customers: readonly CustomerFeatures[],
  scaling: Scaling,
  k: number,
  hyperparameters: KMeansHyperparameters,
): Promise<Run[]> {
  const features = featureMatrix(customers);
  const scaler = fitScaler(features, scaling);
  const scaled = applyScaler(features, scaler);
  let known: RegisteredClusters | null = null;
  const all: Run[] = [];
  for (let seed = 0; seed < 50; seed++) {
    const files = [...trainingObjects(scaled, { random: seededRandom(seed) })];
    const { centroids: model } = trainKMeans({
      hyperparameters: hyperparametersOnWire(k, 3, hyperparameters),
      train: { contentType: contentTypeOf(), files },
      seed,
    });
    const centroids = await readModelArtifact(await packModel(model));
    const { clusters } = assignClusters(scaled, centroids);
    const found = { customers, clusters, scaler, centroids };
    const identities = identifyClusters(found, known, gbp);
    all.push({ found, known, identities });
    known = JSON.parse(JSON.stringify(clustersToRegister(`run-${seed}`, found, identities))) as RegisteredClusters;
  }
  return all;
}

/** Per customer, the id of their cluster. */
const idsOf = ({ found, identities }: Run): number[] =>
  Array.from(found.clusters, (cluster) => identities.clusters[cluster]!.id);

const named = ({ identities }: Run): string[] => identities.clusters.map(({ id, name }) => `${id} ${name}`).sort();

describe.each([
  ["few customers", few, 0],
  // Of 245, up to 13 lie so near to a border that they change sides.
  ["as many as npm start has", started, 0.06],
] as const)("trained with steady settings, %s", (_, given, share) => {
  test.each(settings)("clusters keep ids and names over 50 trainings: %s, k = %i", async (scaling, k) => {
    const customers = await given;
    const [first, ...later] = await runs(customers, scaling, k, steadyHyperparameters(customers.length, k));
    // The premise: the models number their clusters differently.
    expect(new Set(later.map(({ found }) => Array.from(found.clusters).join())).size).toBeGreaterThan(1);
    for (const run of later) {
      expect(run.identities.clusters.map(({ relation }) => relation)).toEqual(Array(k).fill("kept"));
      expect([run.identities.gone, run.identities.nextId]).toEqual([[], k]);
      expect(named(run)).toEqual(named(first!));
      const before = idsOf(first!);
      const moved = idsOf(run).filter((id, i) => id !== before[i]).length;
      expect(moved).toBeLessThanOrEqual(share * customers.length);
    }
  });
});

/** All orders of the indices below n. */
function* permutations(n: number, head: readonly number[] = []): Generator<readonly number[]> {
  if (head.length === n) yield head;
  for (let i = 0; i < n; i++) if (!head.includes(i)) yield* permutations(n, [...head, i]);
}

/**
 * Per centroid of the run, the known one beside it, where each lies within half of the least distance between two known ones. Nobody can
 * doubt then which is which: of all known ones it is the nearest, and nothing else is nearer to it.
 */
function neighbours({ found: { centroids }, known }: Run): readonly number[] | undefined {
  const { values, rows, columns } = centroids;
  const now = Array.from({ length: rows }, (_, i) => [...values.subarray(i * columns, (i + 1) * columns)]);
  const before = known!.centroids;
  const distance = (a: readonly number[], b: readonly number[]) => Math.hypot(...a.map((value, i) => value - b[i]!));
  const apart = Math.min(...before.flatMap((a, i) => before.slice(i + 1).map((b) => distance(a, b))));
  for (const order of permutations(before.length)) {
    if (order.every((old, i) => distance(now[i]!, before[old]!) < apart / 2)) return order;
  }
  return undefined;
}

describe("trained with the container's defaults, which find now this optimum, now that", () => {
  test.each([
    // Of 49 trainings, how many have their centroids beside those of the one before, and how many find all clusters again.
    ["min_max", 6, 41, 41],
    ["min_max", 4, 41, 49],
    ["log_standard", 4, 23, 24],
  ] as const)("what is found again is the same, the rest is told: %s, k = %i", async (scaling, k, beside, whole) => {
    const [, ...later] = await runs(few, scaling, k, {});
    const given = new Set(later[0]!.known!.clusters.map(({ id }) => id));
    for (const run of later) {
      const { clusters, gone } = run.identities;
      const known = run.known!;
      const kept = clusters.filter(({ relation }) => relation === "kept");
      const others = clusters.filter(({ relation }) => relation !== "kept");
      // No cluster of the last run is lost, and no two are one.
      expect([...kept, ...gone].map(({ id }) => id).sort()).toEqual(known.clusters.map(({ id }) => id).sort());
      for (const { id } of others) {
        expect(given).not.toContain(id);
        given.add(id);
      }
      const said = describeIdentities(run.identities, known);
      for (const { id, name } of [...others, ...gone]) expect(said).toContain(`${id} “${name}”`);
      expect(said).toContain(
        others.length > 0 ? `${kept.length} of the last run's ${k} clusters` : `All ${k} clusters`,
      );
      const expected = neighbours(run)?.map((old) => known.clusters[old]!.id);
      if (expected) expect(clusters.map(({ id }) => id)).toEqual(expected);
    }
    expect(later.filter(neighbours)).toHaveLength(beside);
    expect(later.filter(({ identities }) => identities.gone.length === 0)).toHaveLength(whole);
  });
});
