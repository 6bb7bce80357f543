import { ArgumentError } from "../errors.js";
import type { CustomerFeatures } from "../retail/rfm.js";
import type { ScoredCustomer } from "../retail/scores.js";
import { suggestAction } from "./actions.js";
import type { Assignment } from "./assign.js";
import { type ClusterMeans, nameClusters, placeClusters } from "./names.js";

/** What the customers of one cluster have in common. */
export interface ClusterProfile {
  readonly cluster: number;
  readonly name: string;
  readonly customers: number;
  /** Means in the units of the features; 0 where the cluster is empty. */
  readonly recencyDaysMean: number;
  readonly frequencyMean: number;
  readonly monetaryMean: number;
  /** Their part of all customers' monetary value, as a fraction; 0 where that is not positive. */
  readonly revenueShare: number;
  /** What a shop might do for them; empty where there is nobody. */
  readonly action: string;
}

/** A customer with their cluster. */
export interface SegmentedCustomer extends ScoredCustomer {
  readonly cluster: number;
  readonly clusterName: string;
  /** Euclidean, to the centroid, in the scaled features. */
  readonly distance: number;
}

/**
 * Describes every cluster, empty ones included, in order of their index.
 *
 * @param clusters per customer, the index of their cluster
 * @param k number of clusters
 * @throws ArgumentError when there is not one cluster per customer, or one is outside 0 … k − 1
 */
export function profileClusters(
  customers: readonly CustomerFeatures[],
  clusters: ArrayLike<number>,
  k: number,
): ClusterProfile[] {
  requireOnePerCustomer(clusters.length, customers.length);
  const members: CustomerFeatures[][] = Array.from({ length: k }, () => []);
  customers.forEach((customer, i) => {
    const cluster = members[clusters[i]!];
    if (cluster === undefined) throw new ArgumentError(`clusters[${i}]`, `an integer from 0 to ${k - 1}`, clusters[i]);
    cluster.push(customer);
  });
  const means = members.map(meansOf);
  const names = nameClusters(means, customers);
  const places = placeClusters(means, customers);
  const revenue = sumOf(customers, "monetary");
  return members.map((ofCluster, cluster) => ({
    cluster,
    name: names[cluster]!,
    customers: ofCluster.length,
    recencyDaysMean: means[cluster]?.recencyDays ?? 0,
    frequencyMean: means[cluster]?.frequency ?? 0,
    monetaryMean: means[cluster]?.monetary ?? 0,
    revenueShare: revenue > 0 ? sumOf(ofCluster, "monetary") / revenue : 0,
    action: places[cluster] ? suggestAction(places[cluster]) : "",
  }));
}

/**
 * Puts each customer beside their cluster, its name and their distance to its centroid.
 *
 * @throws ArgumentError when there is not one assignment per customer
 */
export function segmentCustomers(
  customers: readonly ScoredCustomer[],
  { clusters, distances }: Pick<Assignment, "clusters" | "distances">,
  profiles: readonly ClusterProfile[],
): SegmentedCustomer[] {
  requireOnePerCustomer(clusters.length, customers.length);
  return customers.map((customer, i) => {
    const cluster = clusters[i]!;
    return { ...customer, cluster, clusterName: profiles[cluster]!.name, distance: distances[i]! };
  });
}

function requireOnePerCustomer(clusters: number, customers: number): void {
  if (clusters !== customers) throw new ArgumentError("clusters.length", `${customers}, one per customer`, clusters);
}

function meansOf(customers: readonly CustomerFeatures[]): ClusterMeans {
  if (customers.length === 0) return null;
  const mean = (feature: keyof NonNullable<ClusterMeans>): number => sumOf(customers, feature) / customers.length;
  return { recencyDays: mean("recencyDays"), frequency: mean("frequency"), monetary: mean("monetary") };
}

function sumOf(customers: readonly CustomerFeatures[], feature: keyof NonNullable<ClusterMeans>): number {
  return customers.reduce((sum, customer) => sum + customer[feature], 0);
}
