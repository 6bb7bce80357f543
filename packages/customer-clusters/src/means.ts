import { ArgumentError } from "@keyspaces-segmentation/common";

/** The three numbers that say most of what a shop knows about a customer. */
export type Feature = "recencyDays" | "frequency" | "monetary";

/** In the order of the columns of a feature matrix. */
export const FEATURES: readonly Feature[] = ["recencyDays", "frequency", "monetary"];

/** A figure for each feature. */
export type FeatureFigures = Readonly<Record<Feature, number>>;

/** The mean of a cluster in each feature; null where the cluster has no customers. */
export type ClusterMeans = FeatureFigures | null;

/** @throws ArgumentError */
export function requireOnePerCustomer(clusters: number, customers: number): void {
  if (clusters !== customers) throw new ArgumentError("clusters.length", `${customers}, one per customer`, clusters);
}

/** The means of so many customers, of their sums. */
export function meansOf(sums: FeatureFigures, customers: number): ClusterMeans {
  if (customers === 0) return null;
  return {
    recencyDays: sums.recencyDays / customers,
    frequency: sums.frequency / customers,
    monetary: sums.monetary / customers,
  };
}

/** The part of the customers for whom something holds that is said of a cluster. */
export const MOST = 0.75;

/** The monetary value of all of them. */
export function revenueOf(customers: readonly FeatureFigures[]): number {
  return customers.reduce((sum, { monetary }) => sum + monetary, 0);
}
