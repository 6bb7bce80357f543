import { ArgumentError } from "@keyspaces-segmentation/common";
import { type Matrix, requireFinite } from "./matrix.js";

/** Which cluster each row belongs to. */
export interface Assignment {
  /** Per row, the index of its nearest centroid; the lower index where two are equally near. */
  readonly clusters: Int32Array;
  /** Per row, the Euclidean distance to that centroid, in the units of the matrix. */
  readonly distances: Float64Array;
  /** Sum of the squared distances. */
  readonly inertia: number;
}

/**
 * Assigns every row to its nearest centroid: what a hosted SageMaker k-means model answers as
 * `closest_cluster` and `distance_to_cluster`, without hosting one. O(rows × centroids × columns).
 *
 * @param matrix one row per customer, scaled like the data that the centroids were trained on
 * @param centroids one row per cluster, in the same columns
 * @throws ArgumentError when there is no centroid, the columns differ, or a value is not finite
 */
export function assignClusters(matrix: Matrix, centroids: Matrix): Assignment {
  requireFinite(matrix, "matrix");
  requireFinite(centroids, "centroids");
  if (centroids.rows < 1) throw new ArgumentError("centroids.rows", "1 or more", centroids.rows);
  if (centroids.columns !== matrix.columns) {
    throw new ArgumentError("centroids.columns", `${matrix.columns} as in \`matrix\``, centroids.columns);
  }
  const clusters = new Int32Array(matrix.rows);
  const distances = new Float64Array(matrix.rows);
  const inertia = assignNearest(matrix, centroids.values, clusters, distances);
  for (let i = 0; i < distances.length; i++) distances[i] = Math.sqrt(distances[i]!);
  return { clusters, distances, inertia };
}

/**
 * The assignment step of Lloyd's algorithm, into arrays that the caller keeps between iterations.
 *
 * @param centroids row-major, as many columns as `matrix`
 * @param clusters filled with the index of the nearest centroid of each row
 * @param squaredDistances filled with the squared distance to it
 * @returns the inertia, the sum of `squaredDistances`
 */
export function assignNearest(
  { values, rows, columns }: Matrix,
  centroids: Float64Array,
  clusters: Int32Array,
  squaredDistances: Float64Array,
): number {
  const size = centroids.length;
  let inertia = 0;
  for (let i = 0, row = 0; i < rows; i++, row += columns) {
    let nearest = 0;
    let least = Number.POSITIVE_INFINITY;
    for (let c = 0, cluster = 0; c < size; c += columns, cluster++) {
      let sum = 0;
      for (let j = 0; j < columns; j++) {
        const difference = values[row + j]! - centroids[c + j]!;
        sum += difference * difference;
      }
      if (sum < least) {
        least = sum;
        nearest = cluster;
      }
    }
    clusters[i] = nearest;
    squaredDistances[i] = least;
    inertia += least;
  }
  return inertia;
}

/** Customers who are to be assigned to clusters: their ids and, in the same order, one row of scaled features each. */
export interface CustomersToAssign {
  readonly customerIds: readonly string[];
  readonly features: Matrix;
}

/** The cluster of a customer. The same whether it was found here, by a batch transform or by an endpoint. */
export interface AssignedCustomer {
  readonly customerId: string;
  /** Index of the centroid, the model's own number. */
  readonly cluster: number;
  /** Euclidean, to the centroid, in the scaled features. */
  readonly distance: number;
}

/**
 * Assigns customers to their nearest centroids on this machine, with 64-bit numbers. A hosted model computes with 32 bits: its
 * distances agree to about seven digits, and a customer midway between two centroids may fall to the other.
 *
 * @param centroids of the trained model
 * @throws ArgumentError as {@link assignClusters}
 */
export function assignCustomers({ customerIds, features }: CustomersToAssign, centroids: Matrix): AssignedCustomer[] {
  const { clusters, distances } = assignClusters(features, centroids);
  return customerIds.map((customerId, i) => ({ customerId, cluster: clusters[i]!, distance: distances[i]! }));
}
