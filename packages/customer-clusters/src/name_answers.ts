import { ArgumentError } from "@keyspaces-segmentation/common";
import type { CustomerFeatures } from "@keyspaces-segmentation/invoices";
import type { AssignedCustomer, CustomersToAssign } from "@keyspaces-segmentation/kmeans";
import { type Worded, wordsFor } from "./claims.js";
import { describeFit } from "./fit.js";
import { type ClusterIdentity, identityOf } from "./identity.js";
import { membersOf } from "./means.js";
import { applyScaler, featureMatrix, type Scaler } from "./scale.js";

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
  const words = wordsFor(found.customers);
  const members = membersOf(found.customers, found.clusters, identities.length);
  return (customerId: string, cluster: number): string => {
    const customer = arrivals.find((each) => each.customerId === customerId);
    if (customer === undefined) throw new ArgumentError("arrivals", `with customer ${customerId}`, arrivals.length);
    return describeFit(customer, { name: identities[cluster]!.name, members: members[cluster]!, words, money });
  };
}
