import type { CustomerFeatures, ScoredCustomer } from "@keyspaces-segmentation/invoices";
import type { Assignment } from "@keyspaces-segmentation/kmeans";
import { rankClusters, suggestAction } from "./actions.js";
import { type ClusterIdentity, identityOf } from "./identity.js";
import { meansOf, requireOnePerCustomer, revenueOf } from "./means.js";
import { figuresByCluster, joinFigures, mediansIn, sizeOf } from "./sorted_figures.js";

/** What the customers of one cluster have in common. */
export interface ClusterProfile {
  /** Its id, which outlives the run: ids have holes where clusters are gone, and may exceed the number of clusters. */
  readonly cluster: number;
  readonly name: string;
  readonly customers: number;
  /** Medians, the typical customer, and means in the units of the features; 0 where the cluster is empty. */
  readonly recencyDaysMedian: number;
  readonly recencyDaysMean: number;
  readonly frequencyMedian: number;
  readonly frequencyMean: number;
  readonly monetaryMedian: number;
  readonly monetaryMean: number;
  /** Their part of all customers' monetary value, as a fraction; 0 where that is not positive. */
  readonly revenueShare: number;
  /** What a shop might do for them; empty where there is nobody. */
  readonly action: string;
}

/** A customer with their cluster. */
export interface ClusteredCustomer extends ScoredCustomer {
  /** Its id, as in {@link ClusterProfile}. */
  readonly cluster: number;
  readonly clusterName: string;
  /** Euclidean, to the centroid, in the scaled features. */
  readonly distance: number;
}

/**
 * Describes every cluster, empty ones included, ordered by id.
 *
 * @param clusters per customer, the model's index of their cluster
 * @param identities per index, who that cluster is; see `identifyClusters`
 * @throws ArgumentError when there is not one cluster per customer, or one has no identity
 */
export function profileClusters(
  customers: readonly CustomerFeatures[],
  clusters: ArrayLike<number>,
  identities: readonly ClusterIdentity[],
): ClusterProfile[] {
  const members = figuresByCluster(customers, clusters, identities.length);
  const figures = members.map(({ figures: of }) => of);
  const means = members.map(({ sums, figures: of }) => meansOf(sums, sizeOf(of)));
  const medians = figures.map(mediansIn);
  const ranks = rankClusters(figures, joinFigures(figures));
  const revenue = revenueOf(customers);
  return identities
    .map(
      ({ id, name }, index): ClusterProfile => ({
        cluster: id,
        name,
        customers: sizeOf(figures[index]!),
        recencyDaysMedian: medians[index]?.recencyDays ?? 0,
        recencyDaysMean: means[index]?.recencyDays ?? 0,
        frequencyMedian: medians[index]?.frequency ?? 0,
        frequencyMean: means[index]?.frequency ?? 0,
        monetaryMedian: medians[index]?.monetary ?? 0,
        monetaryMean: means[index]?.monetary ?? 0,
        revenueShare: revenue > 0 ? members[index]!.sums.monetary / revenue : 0,
        action: ranks[index] ? suggestAction(ranks[index]) : "",
      }),
    )
    .sort((a, b) => a.cluster - b.cluster);
}

/**
 * Puts each customer beside their cluster's id and name and their distance to its centroid.
 *
 * @param identities per index of the model, who that cluster is
 * @throws ArgumentError when there is not one assignment per customer, or one has no identity
 */
export function withClusters(
  customers: readonly ScoredCustomer[],
  { clusters, distances }: Pick<Assignment, "clusters" | "distances">,
  identities: readonly ClusterIdentity[],
): ClusteredCustomer[] {
  requireOnePerCustomer(clusters.length, customers.length);
  return customers.map(({ customerId, country, recencyDays, frequency, monetary, r, f, m, segment }, i) => {
    const { id: cluster, name: clusterName } = identityOf(clusters[i]!, identities);
    const distance = distances[i]!;
    // In one literal: an object put together from others takes ten times the memory.
    return { customerId, country, recencyDays, frequency, monetary, r, f, m, segment, cluster, clusterName, distance };
  });
}
