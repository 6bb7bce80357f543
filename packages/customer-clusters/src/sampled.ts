import type { Matrix } from "@keyspaces-segmentation/kmeans";
import type { FoundClusters } from "./identify.js";
import type { ClusterProfile } from "./profile.js";
import { invertScaler, type Scaler } from "./scale.js";

/**
 * What a training on all customers found, seen through some of them: a cluster that none of these is in gets one at its centre, so that it
 * can be told by that.
 */
export function withCentres(found: FoundClusters): FoundClusters {
  const { customers, clusters, centroids } = found;
  const seen = new Set(Array.from(clusters));
  const absent = Array.from({ length: centroids.rows }, (_, index) => index).filter((index) => !seen.has(index));
  if (absent.length === 0) return found;
  const centres = centresOf(found);
  return {
    ...found,
    customers: [...customers, ...absent.map((index) => centres[index]!)],
    clusters: [...Array.from(clusters), ...absent],
  };
}

function centresOf({ centroids, scaler }: { centroids: Matrix; scaler: Scaler }) {
  const { values, columns, rows } = invertScaler(centroids, scaler);
  return Array.from({ length: rows }, (_, row) => {
    const [recencyDays = 0, frequency = 0, monetary = 0] = values.subarray(row * columns, (row + 1) * columns);
    return { customerId: "", country: "", recencyDays, frequency, monetary };
  });
}

/** What is known of all customers of a cluster. */
export interface WholeCluster {
  readonly id: number;
  readonly customers: number;
  /** In the units of the features; null where there is nobody. */
  readonly recencyDaysMean: number | null;
  readonly frequencyMean: number | null;
  readonly monetaryMean: number | null;
  /** Their part of the monetary value of all. */
  readonly revenueShare: number;
}

/** The profiles of some customers, with counts, means and shares of all; medians and actions stay those of the ones looked at. */
export function profilesOfAll(profiles: readonly ClusterProfile[], whole: readonly WholeCluster[]): ClusterProfile[] {
  const known = new Map(whole.map((cluster) => [cluster.id, cluster]));
  return profiles.map((profile) => {
    const of = known.get(profile.cluster);
    if (of === undefined || of.customers === 0) return { ...profile, ...NOBODY };
    return {
      ...profile,
      customers: of.customers,
      recencyDaysMean: of.recencyDaysMean ?? 0,
      frequencyMean: of.frequencyMean ?? 0,
      monetaryMean: of.monetaryMean ?? 0,
      revenueShare: of.revenueShare,
    };
  });
}

const NOBODY = {
  customers: 0,
  recencyDaysMedian: 0,
  recencyDaysMean: 0,
  frequencyMedian: 0,
  frequencyMean: 0,
  monetaryMedian: 0,
  monetaryMean: 0,
  revenueShare: 0,
  action: "",
};
