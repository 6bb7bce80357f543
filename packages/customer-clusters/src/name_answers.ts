import { ArgumentError, formatPlural, type Money } from "@keyspaces-segmentation/common";
import type { CustomerFeatures } from "@keyspaces-segmentation/invoices";
import type { AssignedCustomer, CustomersToAssign } from "@keyspaces-segmentation/kmeans";
import { type Claim, claimsOf, holds, rangeClaim, type Worded, wordsFor } from "./claims.js";
import { type ClusterIdentity, identityOf } from "./identity.js";
import { FEATURES, type Feature, type FeatureFigures } from "./means.js";
import { applyScaler, featureMatrix, type Scaler } from "./scale.js";
import { figuresByCluster, joinFigures, type SortedFigures, sizeOf, usualRange } from "./sorted_figures.js";

/**
 * Prepares customers for a model that has been trained: their features, scaled as those of the training were.
 *
 * @param scaler the one that scaled the features of the training
 * @throws ArgumentError when the scaler has other columns, or a feature is not finite
 */
export function customersToAssign(customers: readonly CustomerFeatures[], scaler: Scaler): CustomersToAssign {
  const features = featureMatrix(customers);
  return {
    customerIds: customers.map(({ customerId }) => customerId),
    // Nobody is a matrix without columns, which no scaler fits.
    features: customers.length === 0 ? { ...features, columns: scaler.offset.length } : applyScaler(features, scaler),
  };
}

/** A customer's cluster as people know it. */
export interface NamedAnswer {
  readonly customerId: string;
  /** The cluster's id, which outlives the model. */
  readonly cluster: number;
  /** Euclidean, to the centroid, in the scaled features. */
  readonly distance: number;
  readonly name: string;
  /** How they compare with those in the cluster; where that was asked for. */
  readonly fit?: string;
}

/** Whom new customers are compared with. */
export interface Comparison extends Worded {
  /** The new customers. */
  readonly arrivals: readonly CustomerFeatures[];
  /** The customers of the training and, per customer, the model's index of their cluster. */
  readonly found: { readonly customers: readonly CustomerFeatures[]; readonly clusters: ArrayLike<number> };
}

/**
 * Puts ids and names in the place of the model's own numbers, whichever way the customers were assigned.
 *
 * @param identities per index of the model, who that cluster is; see `identifyClusters`
 * @param comparison to say how each compares with those in the cluster: the nearest cluster need not be a near one
 * @throws ArgumentError for an answer that is no cluster of theirs, or about somebody who is none of the arrivals
 */
export function nameAnswers(
  answers: readonly AssignedCustomer[],
  identities: readonly ClusterIdentity[],
  comparison?: Comparison,
): NamedAnswer[] {
  const fitOf = comparison && fitIn(comparison, identities);
  return answers.map(({ customerId, cluster, distance }) => {
    const { id, name } = identityOf(cluster, identities);
    return { customerId, cluster: id, distance, name, ...(fitOf && { fit: fitOf(customerId, cluster) }) };
  });
}

function fitIn({ arrivals, found, money }: Comparison, identities: readonly ClusterIdentity[]) {
  const members = figuresByCluster(found.customers, found.clusters, identities.length).map(({ figures }) => figures);
  const words = wordsFor(joinFigures(members));
  return (customerId: string, cluster: number): string => {
    const customer = arrivals.find((each) => each.customerId === customerId);
    if (customer === undefined) throw new ArgumentError("arrivals", `with customer ${customerId}`, arrivals.length);
    return describeFit(customer, { name: identities[cluster]!.name, members: members[cluster]!, words, money });
  };
}

/** A figure of one customer in words. */
const FIGURES: Readonly<Record<Feature, (value: number, money: Money) => string>> = {
  recencyDays: (days) => `bought ${formatPlural(days, "day")} ago`,
  frequency: (invoices) => formatPlural(invoices, "invoice"),
  monetary: (amount, money) => `${money.whole(amount)} spent`,
};

/**
 * How a customer who comes to a cluster compares with those in it: in which feature they lie outside of where three in four lie, or are
 * not what the cluster's name says.
 *
 * @param words what the words of names mean, see `wordsFor`
 */
export function describeFit(
  customer: FeatureFigures,
  { name, members, words, money }: Worded & { name: string; members: SortedFigures; words: readonly Claim[] },
): string {
  if (sizeOf(members) === 0) return "nobody else is in it";
  const claims = claimsOf(name, words);
  const differences = FEATURES.flatMap((feature) => {
    const most = rangeClaim(feature, usualRange(members[feature]), { digits: 2, money });
    const isTrue = [most, ...claims.filter((claim) => claim.feature === feature)].every((each) =>
      holds(each, customer),
    );
    return isTrue ? [] : `${FIGURES[feature](customer[feature], money)} (most: ${most.phrase})`;
  });
  return differences.length === 0 ? "like most of them" : differences.join("; ");
}
