import { ArgumentError } from "@keyspaces-segmentation/common";
import { type Matrix, matrixOf, optimalAssignment } from "@keyspaces-segmentation/kmeans";
import { applyScaler, invertScaler, type Scaler } from "./scale.js";

/** A cluster as people know it: its id and name outlive the run that found it. */
export interface ClusterIdentity {
  readonly id: number;
  readonly name: string;
}

/** What a run leaves behind so that the next one knows its clusters again; plain data, for JSON. */
export interface RegisteredClusters {
  readonly runId: string;
  readonly scaler: Scaler;
  /** One row a cluster, in the scale of `scaler`. */
  readonly centroids: readonly (readonly number[])[];
  /** Per centroid. */
  readonly clusters: readonly ClusterIdentity[];
  /** The lowest id that no run has given yet. */
  readonly nextId: number;
}

/**
 * How a cluster of this run relates to those of the last one:
 * - `kept`: it is that one, with its id, and its name as long as that is true
 * - `split`: it lies where a cluster was that another one of this run continues
 * - `new`: there was no run before, it lies far from where any cluster was, or it has no customers and so continues nobody's place
 */
type Relation = "kept" | "split" | "new";

export interface IdentifiedCluster extends ClusterIdentity {
  readonly relation: Relation;
  /** The last run's cluster that it is, or was split from; null for a new one. */
  readonly origin: ClusterIdentity | null;
}

export interface Identities {
  /** Per centroid of this run. */
  readonly clusters: readonly IdentifiedCluster[];
  /** Clusters of the last run that no cluster of this one continues. */
  readonly gone: readonly ClusterIdentity[];
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
 * Finds the clusters of the last run again. Both runs' centroids are compared in the last run's scale. A centroid may continue a cluster
 * where it lies nearest to it of all centroids, or that cluster nearest to it; where both hold, it does. So as many are continued as
 * can be, with the distances of all pairs together as short as can be. A centroid that lies nearest to a cluster which another one
 * continues has been split off from it, and gets an id of its own. What lies farther from a cluster than the next one did is none of
 * it: such a centroid is new, and no match is forced.
 *
 * @param centroids this run's, in the scale of `scaler`
 * @param names per centroid, the name that a cluster gets if it is none of the last run's
 * @throws ArgumentError when the runs' features differ in number
 */
export function recogniseClusters(
  known: RegisteredClusters,
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
  const reach = reachOf(before);
  const isInReach = distances.map((row, i) => row[nearest[i]!]! <= reach[nearest[i]!]!);
  const continues = successions(distances, nearest, reach);
  let { nextId } = known;
  const taken = new Set(known.clusters.map(({ name }) => name));
  const clusters = names.map((name, i): IdentifiedCluster => {
    if (continues[i]! >= 0) {
      const origin = known.clusters[continues[i]!]!;
      return { ...origin, relation: "kept", origin };
    }
    const fresh = distinct(name, taken);
    taken.add(fresh);
    const id = nextId++;
    if (!isInReach[i]) return { id, name: fresh, relation: "new", origin: null };
    return { id, name: fresh, relation: "split", origin: known.clusters[nearest[i]!]! };
  });
  return { clusters, gone: known.clusters.filter((_, old) => !continues.includes(old)), nextId };
}

/** How far from a centroid its cluster may be found again: not farther than the next cluster was. There may be no other. */
function reachOf(centroids: Matrix): number[] {
  return distancesBetween(centroids, centroids).map((row, i) => Math.min(...row.filter((_, j) => j !== i)));
}

/** Per centroid of this run, the last run's that it continues; −1 for none. */
function successions(
  distances: readonly (readonly number[])[],
  nearest: readonly number[],
  reach: readonly number[],
): number[] {
  const nearestTo = distances[0]!.map((_, old) => indexOfLeast(distances.map((row) => row[old]!)));
  const claims = distances.map((row, i) =>
    row.map((distance, old) =>
      distance > reach[old]! ? 0 : Number(nearest[i] === old) + Number(nearestTo[old] === i),
    ),
  );
  // More than all distances together: one claim more outweighs them. A pair takes the place of two at most, so 3 settles it.
  const far = 1 + distances.flat().reduce((sum, distance) => sum + distance, 0);
  const weights = [0, 1, 3];
  const pairs = optimalAssignment(
    distances.map((row, i) => row.map((distance, old) => distance - weights[claims[i]![old]!]! * far)),
  );
  return pairs.map((old, i) => (old >= 0 && claims[i]![old]! > 0 ? old : -1));
}

/** @throws ArgumentError for an index that is no cluster's */
export function identityOf(index: number, identities: readonly ClusterIdentity[]): ClusterIdentity {
  const identity = identities[index];
  if (identity === undefined) throw new ArgumentError("clusters", `integers from 0 to ${identities.length - 1}`, index);
  return identity;
}

/** The name, with a number behind it where it is taken; with another one, where it has one. */
function distinct(name: string, taken: ReadonlySet<string>): string {
  const unnumbered = name.replace(/ \(\d+\)$/, "");
  let candidate = name;
  for (let n = 2; taken.has(candidate); n++) candidate = `${unnumbered} (${n})`;
  return candidate;
}
