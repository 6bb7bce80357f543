import { ArgumentError } from "../errors.js";
import { type Matrix, matrixOf } from "./matrix.js";
import { optimalAssignment } from "./optimal_assignment.js";
import { applyScaler, invertScaler, type Scaler } from "./scale.js";

/** A cluster as people know it: its id and name outlive the run that found it. */
export interface KnownCluster {
  readonly id: number;
  readonly name: string;
}

/** What a run leaves behind so that the next one knows its clusters again; plain data, for JSON. */
export interface KnownClusters {
  readonly runId: string;
  readonly scaler: Scaler;
  /** One row a cluster, in the scale of `scaler`. */
  readonly centroids: readonly (readonly number[])[];
  /** Per centroid. */
  readonly clusters: readonly KnownCluster[];
  /** The lowest id that no run has given yet. */
  readonly nextId: number;
}

/**
 * How a cluster of this run relates to those of the last one:
 * - `kept`: it is that one, with its id and name
 * - `split`: it lies where a cluster was that another one of this run continues
 * - `new`: there was no run before
 */
type Relation = "kept" | "split" | "new";

interface IdentifiedCluster extends KnownCluster {
  readonly relation: Relation;
  /** The last run's cluster that it is, or was split from; null for a new one. */
  readonly origin: KnownCluster | null;
}

export interface Identities {
  /** Per centroid of this run. */
  readonly clusters: readonly IdentifiedCluster[];
  /** Clusters of the last run that no cluster of this one continues. */
  readonly gone: readonly KnownCluster[];
  readonly nextId: number;
}

/** Euclidean distances from each row of one matrix to each of another. */
function distancesBetween(a: Matrix, b: Matrix): number[][] {
  return Array.from({ length: a.rows }, (_, i) =>
    Array.from({ length: b.rows }, (_, j) => {
      let sum = 0;
      for (let c = 0; c < a.columns; c++) sum += (a.values[i * a.columns + c]! - b.values[j * b.columns + c]!) ** 2;
      return Math.sqrt(sum);
    }),
  );
}

const indexOfLeast = (values: readonly number[]): number => values.indexOf(Math.min(...values));

/**
 * Clusters of a first run, numbered by their place in `order`; a model's own numbers are arbitrary and change with every training.
 *
 * @param order the centroids' indices, the most valuable cluster first
 * @param names per centroid
 */
export function introduceClusters(order: readonly number[], names: readonly string[]): Identities {
  const clusters = names.map((name, centroid): IdentifiedCluster => {
    const id = order.indexOf(centroid);
    if (id < 0) throw new ArgumentError("order", `the indices of ${names.length} centroids, each once`, order);
    return { id, name, relation: "new", origin: null };
  });
  return { clusters, gone: [], nextId: names.length };
}

/**
 * Finds the clusters of the last run again. Both runs' centroids are compared in the last run's scale, paired so that the distances of
 * all pairs together are least. A pair is the same cluster where each is the other's nearest, or no other claims that place: a centroid
 * that lies nearest to a cluster which another centroid continues has been split off from it, and gets an id of its own.
 *
 * @param centroids this run's, in the scale of `scaler`
 * @param names per centroid, the name that a cluster gets if it is none of the last run's
 * @throws ArgumentError when the runs' features differ in number
 */
export function recogniseClusters(
  known: KnownClusters,
  { scaler, centroids }: { scaler: Scaler; centroids: Matrix },
  names: readonly string[],
): Identities {
  const before = matrixOf(known.centroids);
  if (before.columns !== centroids.columns) {
    throw new ArgumentError("centroids.columns", `${before.columns} as in the last run`, centroids.columns);
  }
  const now = applyScaler(invertScaler(centroids, scaler), known.scaler);
  const distances = distancesBetween(now, before);
  const nearest = distances.map(indexOfLeast);
  const pairs = optimalAssignment(distances);
  const continued = new Set<number>();
  const kept = pairs.map((old, i) => {
    if (old < 0) return false;
    const isItsNearest = nearest[i] === old;
    const isNearestToIt = indexOfLeast(distances.map((row) => row[old]!)) === i;
    if (isItsNearest || isNearestToIt) continued.add(old);
    return isItsNearest || isNearestToIt;
  });
  let { nextId } = known;
  const taken = new Set([...continued].map((old) => known.clusters[old]!.name));
  const clusters = names.map((name, i): IdentifiedCluster => {
    if (kept[i]) {
      const origin = known.clusters[pairs[i]!]!;
      return { ...origin, relation: "kept", origin };
    }
    const fresh = distinct(name, taken);
    taken.add(fresh);
    return { id: nextId++, name: fresh, relation: "split", origin: known.clusters[nearest[i]!]! };
  });
  return { clusters, gone: known.clusters.filter((_, old) => !continued.has(old)), nextId };
}

/** The name, with a number behind it where it is taken. */
function distinct(name: string, taken: ReadonlySet<string>): string {
  let candidate = name;
  for (let n = 2; taken.has(candidate); n++) candidate = `${name} (${n})`;
  return candidate;
}
