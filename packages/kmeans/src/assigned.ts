import { type Assignment, assignClusters } from "./assign.js";
import type { Matrix } from "./matrix.js";

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

/** What profiles and charts are made from, of customers that were assigned in any way, in their order. */
export function assignmentOf(assigned: readonly AssignedCustomer[]): Assignment {
  return {
    clusters: Int32Array.from(assigned, ({ cluster }) => cluster),
    distances: Float64Array.from(assigned, ({ distance }) => distance),
    inertia: assigned.reduce((sum, { distance }) => sum + distance ** 2, 0),
  };
}
