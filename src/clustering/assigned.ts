import { ArgumentError } from "../errors.js";
import type { CustomerFeatures } from "../retail/rfm.js";
import { type Assignment, assignClusters } from "./assign.js";
import { wordsFor } from "./claims.js";
import { describeFit } from "./fit.js";
import { identityOf, type KnownCluster } from "./identity.js";
import type { Matrix } from "./matrix.js";
import { membersOf } from "./means.js";
import { applyScaler, featureMatrix, type Scaler } from "./scale.js";
import { requireFloat32 } from "./training_data.js";

/** Customers who are to be assigned to clusters: their ids and, in the same order, one row of scaled features each. */
export interface CustomersToAssign {
  readonly customerIds: readonly string[];
  readonly features: Matrix;
}

/** The cluster of a customer. The same whether it was found here, by a batch transform or by an endpoint. */
export interface AssignedCustomer {
  readonly customerId: string;
  /** Index of the centroid, the model's own number; see {@link nameAnswers}. */
  readonly cluster: number;
  /** Euclidean, to the centroid, in the scaled features. */
  readonly distance: number;
}

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

/**
 * Checks customers before they are sent anywhere.
 *
 * @throws ArgumentError when there are none, ids and rows differ in number, an id comes twice or cannot stand in a CSV field, or a
 *   feature is not finite as float32
 */
export function requireCustomers({ customerIds, features }: CustomersToAssign): void {
  if (features.rows < 1) throw new ArgumentError("customers", "at least one", features.rows);
  if (customerIds.length !== features.rows) {
    throw new ArgumentError("customers.customerIds.length", `${features.rows}, one per row`, customerIds.length);
  }
  const seen = new Set<string>();
  for (const id of customerIds) {
    if (!/^[^\s",]([^\r\n",]*[^\s",])?$/.test(id)) {
      throw new ArgumentError("customerIds", "without quotes, commas, line breaks and blanks at the ends", id);
    }
    if (seen.has(id)) throw new ArgumentError("customerIds", "unique", id);
    seen.add(id);
  }
  requireFloat32(features, "customers.features");
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
export interface Comparison {
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
  identities: readonly KnownCluster[],
  comparison?: Comparison,
): NamedAnswer[] {
  const fitOf = comparison && fitIn(comparison, identities);
  return answers.map(({ customerId, cluster, distance }) => {
    const { id, name } = identityOf(cluster, identities);
    return { customerId, cluster: id, distance, name, ...(fitOf && { fit: fitOf(customerId, cluster) }) };
  });
}

function fitIn({ arrivals, found }: Comparison, identities: readonly KnownCluster[]) {
  const words = wordsFor(found.customers);
  const members = membersOf(found.customers, found.clusters, identities.length);
  return (customerId: string, cluster: number): string => {
    const customer = arrivals.find((each) => each.customerId === customerId);
    if (customer === undefined) throw new ArgumentError("arrivals", `with customer ${customerId}`, arrivals.length);
    return describeFit(customer, { name: identities[cluster]!.name, members: members[cluster]!, words });
  };
}

/** What profiles and charts are made from, of customers that were assigned in any way, in their order. */
export function assignmentOf(assigned: readonly AssignedCustomer[]): Assignment {
  return {
    clusters: Int32Array.from(assigned, ({ cluster }) => cluster),
    distances: Float64Array.from(assigned, ({ distance }) => distance),
    inertia: assigned.reduce((sum, { distance }) => sum + distance ** 2, 0),
  };
}
