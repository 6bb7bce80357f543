import { ArgumentError } from "@keyspaces-segmentation/common";

/** The three numbers that say most of what a shop knows about a customer. */
export type Feature = "recencyDays" | "frequency" | "monetary";

/** In the order of the columns of a feature matrix. */
export const FEATURES: readonly Feature[] = ["recencyDays", "frequency", "monetary"];

/** A figure for each feature. */
export type FeatureFigures = Readonly<Record<Feature, number>>;

/** The mean of a cluster in each feature; null where the cluster has no customers. */
export type ClusterMeans = FeatureFigures | null;

/**
 * The customers of each cluster, in their order, empty clusters included.
 *
 * @param clusters per customer, the model's index of their cluster
 * @param k number of clusters
 * @throws ArgumentError when there is not one cluster per customer, or one is outside 0 … k − 1
 */
export function membersOf<Customer>(
  customers: readonly Customer[],
  clusters: ArrayLike<number>,
  k: number,
): Customer[][] {
  requireOnePerCustomer(clusters.length, customers.length);
  const members: Customer[][] = Array.from({ length: k }, () => []);
  customers.forEach((customer, i) => {
    const cluster = members[clusters[i]!];
    if (cluster === undefined) throw new ArgumentError(`clusters[${i}]`, `an integer from 0 to ${k - 1}`, clusters[i]);
    cluster.push(customer);
  });
  return members;
}

/** @throws ArgumentError */
export function requireOnePerCustomer(clusters: number, customers: number): void {
  if (clusters !== customers) throw new ArgumentError("clusters.length", `${customers}, one per customer`, clusters);
}

export function meansOf(customers: readonly FeatureFigures[]): ClusterMeans {
  if (customers.length === 0) return null;
  const sums = { recencyDays: 0, frequency: 0, monetary: 0 };
  for (const { recencyDays, frequency, monetary } of customers) {
    sums.recencyDays += recencyDays;
    sums.frequency += frequency;
    sums.monetary += monetary;
  }
  const { length } = customers;
  return {
    recencyDays: sums.recencyDays / length,
    frequency: sums.frequency / length,
    monetary: sums.monetary / length,
  };
}

/** The part of the customers for whom something holds that is said of a cluster. */
export const MOST = 0.75;

/** The monetary value of all of them. */
export function revenueOf(customers: readonly FeatureFigures[]): number {
  return customers.reduce((sum, { monetary }) => sum + monetary, 0);
}
