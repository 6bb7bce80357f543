import { ArgumentError } from "@keyspaces-segmentation/common";
import { quantileOf } from "@keyspaces-segmentation/invoices";

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
  const mean = (feature: Feature): number => sumOf(customers, feature) / customers.length;
  return { recencyDays: mean("recencyDays"), frequency: mean("frequency"), monetary: mean("monetary") };
}

/** The typical customer: half of them have less in a feature, half more. Null where there is nobody. */
export function mediansOf(customers: readonly FeatureFigures[]): FeatureFigures | null {
  if (customers.length === 0) return null;
  const median = (feature: Feature): number =>
    quantileOf(
      customers.map((each) => each[feature]),
      0.5,
    );
  return { recencyDays: median("recencyDays"), frequency: median("frequency"), monetary: median("monetary") };
}

/** The part of the customers for whom something holds that is said of a cluster. */
export const MOST = 0.75;

/** Where most of the values lie, as narrow as leaves out equally many at either end. */
export function usualRange(values: readonly number[]): { readonly from: number; readonly to: number } {
  const sorted = Float64Array.from(values).sort();
  const left = Math.floor(((1 - MOST) / 2) * sorted.length);
  return { from: sorted[left]!, to: sorted[sorted.length - 1 - left]! };
}

export function sumOf(customers: readonly FeatureFigures[], feature: Feature): number {
  return customers.reduce((sum, customer) => sum + customer[feature], 0);
}
