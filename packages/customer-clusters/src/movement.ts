import { ArgumentError } from "@keyspaces-segmentation/common";
import type { ClusterIdentity } from "./identity.js";
import type { ClusteredCustomer } from "./profile.js";

/** Customers who went the same way between two runs. */
export interface Movement {
  /** Where they were; null for those whom the last run did not know. */
  readonly from: ClusterIdentity | null;
  /** Where they are; null for those whom this run does not know. */
  readonly to: ClusterIdentity | null;
  readonly customers: number;
  /** Their monetary value: in this run, or for those who are gone, in the last one. */
  readonly monetary: number;
}

/** In which cluster a customer is in one run. */
export interface Membership {
  readonly customerId: string;
  readonly cluster: ClusterIdentity;
  readonly monetary: number;
}

/** Where the customers of a run are. */
export function membershipsOf(customers: readonly ClusteredCustomer[]): Membership[] {
  // One for all customers of a cluster.
  const identities = new Map<number, ClusterIdentity>();
  return customers.map(({ customerId, cluster: id, clusterName: name, monetary }) => {
    const cluster = identities.get(id) ?? { id, name };
    identities.set(id, cluster);
    return { customerId, cluster, monetary };
  });
}

/** Whether these customers were in one cluster and are in another: who came or went between the runs has not moved. */
export function isMove({ from, to }: Movement): boolean {
  return from !== null && to !== null && from.id !== to.id;
}

/**
 * Who moved from which cluster to which, and what they are worth: the movement matrix as a list, its empty cells left out, ordered by
 * cluster ids, those without one last.
 *
 * @throws ArgumentError when a run has a customer twice
 */
export function movements(before: readonly Membership[], after: readonly Membership[]): Movement[] {
  const [last, current] = [byCustomer(before, "before"), byCustomer(after, "after")];
  const cells = new Map<string, Movement>();
  const count = (from: ClusterIdentity | null, to: ClusterIdentity | null, monetary: number): void => {
    const key = `${from?.id ?? ""}>${to?.id ?? ""}`;
    const cell = cells.get(key) ?? { from, to, customers: 0, monetary: 0 };
    cells.set(key, { ...cell, customers: cell.customers + 1, monetary: cell.monetary + monetary });
  };
  for (const { customerId, cluster, monetary } of after)
    count(last.get(customerId)?.cluster ?? null, cluster, monetary);
  for (const { customerId, cluster, monetary } of before) if (!current.has(customerId)) count(cluster, null, monetary);
  const rank = (cluster: ClusterIdentity | null): number => cluster?.id ?? Number.MAX_SAFE_INTEGER;
  return [...cells.values()].sort((a, b) => rank(a.from) - rank(b.from) || rank(a.to) - rank(b.to));
}

function byCustomer(memberships: readonly Membership[], name: string): Map<string, Membership> {
  const known = new Map<string, Membership>();
  for (const membership of memberships) {
    if (known.has(membership.customerId)) throw new ArgumentError(name, "each customer once", membership.customerId);
    known.set(membership.customerId, membership);
  }
  return known;
}
