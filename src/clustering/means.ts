import { ArgumentError } from "../errors.js";
import type { CustomerFeatures } from "../retail/rfm.js";

/** The mean of a cluster in each feature; null where the cluster has no customers. */
export type ClusterMeans = Pick<CustomerFeatures, "recencyDays" | "frequency" | "monetary"> | null;

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

export function meansOf(customers: readonly CustomerFeatures[]): ClusterMeans {
  if (customers.length === 0) return null;
  const mean = (feature: keyof NonNullable<ClusterMeans>): number => sumOf(customers, feature) / customers.length;
  return { recencyDays: mean("recencyDays"), frequency: mean("frequency"), monetary: mean("monetary") };
}

export function sumOf(customers: readonly CustomerFeatures[], feature: keyof NonNullable<ClusterMeans>): number {
  return customers.reduce((sum, customer) => sum + customer[feature], 0);
}
