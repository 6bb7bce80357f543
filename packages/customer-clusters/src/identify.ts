import type { CustomerFeatures } from "@keyspaces-segmentation/invoices";
import { type Matrix, matrixOf } from "@keyspaces-segmentation/kmeans";
import { inCurrency, type Worded } from "./claims.js";
import {
  type IdentifiedCluster,
  type Identities,
  introduceClusters,
  type RegisteredClusters,
  recogniseClusters,
} from "./identity.js";
import { type ClusterMeans, meansOf } from "./means.js";
import { nameClusters, nameFits } from "./names.js";
import type { Scaler } from "./scale.js";
import { clusterSizes, figuresByCluster, joinFigures, sizeOf } from "./sorted_figures.js";

/** What a training found, in the model's own numbers, which are arbitrary: each training gives others. */
export interface FoundClusters {
  readonly customers: readonly CustomerFeatures[];
  /** Per customer, the index of their centroid. */
  readonly clusters: ArrayLike<number>;
  /** The one that scaled the features. */
  readonly scaler: Scaler;
  /** One row a cluster, in the scale of `scaler`. */
  readonly centroids: Matrix;
}

/**
 * Gives clusters their ids and names: those of the last run where they are found again (see {@link recogniseClusters}), else new ones,
 * by mean monetary value, the highest first. The same clusters get the same, in whatever order the model has them. A name that is not
 * true of the cluster's median customer any more makes room for a new one; the id stays.
 *
 * @param last what the last run left, see {@link clustersToRegister}; null for a first run. Amounts in names are taken as those of this
 *   currency: whichever it was called then, they are the same amounts
 * @returns per centroid of the model, who it is; clusters without customers come after all others
 * @throws ArgumentError when there is not one cluster per customer, one is no centroid's, or the last run had other features
 */
export function identifyClusters(found: FoundClusters, last: RegisteredClusters | null, { money }: Worded): Identities {
  const known = last && registeredInCurrency(last, { money });
  const { customers, clusters, scaler, centroids } = found;
  const rows = rowsOf(centroids);
  const members = figuresByCluster(customers, clusters, rows.length);
  const means = members.map(({ sums, figures: of }) => meansOf(sums, sizeOf(of)));
  const order = orderByValue(means, rows);
  const figures = order.map((index) => members[index]!.figures);
  const everybody = joinFigures(figures);
  const taken = new Set(known?.clusters.map(({ name }) => name));
  const names = nameClusters(figures, { money, taken, everybody });
  const nonEmpty = order.filter((index) => means[index] !== null);
  const inOrder =
    known === null
      ? introduceClusters([...order.keys()], names)
      : withEmpty(
          recogniseClusters(
            known,
            { scaler, centroids: matrixOf(nonEmpty.map((index) => rows[index]!)) },
            names.slice(0, nonEmpty.length),
          ),
          names.slice(nonEmpty.length),
        );
  const named = inOrder.clusters.map((cluster, i): IdentifiedCluster => {
    const isTrue = cluster.relation !== "kept" || nameFits(cluster.name, figures[i]!, everybody);
    return isTrue ? cluster : { ...cluster, name: names[i]! };
  });
  return { ...inOrder, clusters: rows.map((_, index) => named[order.indexOf(index)]!) };
}

/** What a run has left, its names in this currency. */
export function registeredInCurrency(known: RegisteredClusters, how: Worded): RegisteredClusters {
  return { ...known, clusters: known.clusters.map(({ id, name }) => ({ id, name: inCurrency(name, how) })) };
}

/**
 * What this run leaves for the next one to know its clusters by. A cluster without customers is not registered: there is nobody whose
 * place could be found again, and its id is not given twice.
 */
export function clustersToRegister(
  runId: string,
  { customers, clusters, scaler, centroids }: FoundClusters,
  { clusters: identified, nextId }: Identities,
): RegisteredClusters {
  const rows = rowsOf(centroids);
  const sizes = clusterSizes(customers.length, clusters, rows.length);
  const isNonEmpty = (_: unknown, index: number): boolean => sizes[index]! > 0;
  return {
    runId,
    scaler,
    centroids: rows.filter(isNonEmpty),
    clusters: identified.filter(isNonEmpty).map(({ id, name }) => ({ id, name })),
    nextId,
  };
}

/** Adds the clusters without customers: they continue nobody's place. */
function withEmpty(identities: Identities, names: readonly string[]): Identities {
  const { clusters, gone, nextId } = identities;
  const empty = names.map((name, i): IdentifiedCluster => ({ id: nextId + i, name, relation: "new", origin: null }));
  return { clusters: [...clusters, ...empty], gone, nextId: nextId + empty.length };
}

function rowsOf({ values, rows, columns }: Matrix): number[][] {
  return Array.from({ length: rows }, (_, i) => [...values.subarray(i * columns, (i + 1) * columns)]);
}

/** The indices of the clusters, the highest mean monetary value first, the empty ones last; equal ones by all else that is known of them. */
function orderByValue(means: readonly ClusterMeans[], rows: readonly (readonly number[])[]): number[] {
  const keys = means.map((mean, index) =>
    mean === null ? [1, ...rows[index]!] : [0, -mean.monetary, -mean.frequency, mean.recencyDays, ...rows[index]!],
  );
  return [...keys.keys()].sort((a, b) => compareKeys(keys[a]!, keys[b]!));
}

function compareKeys(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return a[i]! - (b[i] ?? 0);
  return 0;
}
