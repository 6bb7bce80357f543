import { pluralForm } from "@keyspaces-segmentation/common";
import type { ClusterIdentity, IdentifiedCluster, Identities, RegisteredClusters } from "./identity.js";

/**
 * What became of the clusters since the last run, in sentences: which are found again, new, split from which, gone.
 *
 * @param known what the last run left; null for a first run
 */
export function describeIdentities(
  { clusters, gone }: Pick<Identities, "clusters" | "gone">,
  known: Pick<RegisteredClusters, "runId"> | null,
): string {
  const ordered = clusters.toSorted((a, b) => a.id - b.id);
  const all = (relation: string) => ordered.filter((cluster) => cluster.relation === relation);
  const [kept, fresh, split] = [all("kept"), all("new"), all("split")];
  if (known === null)
    return `${pluralForm(fresh.length, "This cluster is", "These clusters are")} new: ${listed(fresh)}.`;
  const before = kept.length + gone.length;
  return [
    foundAgain(kept, before),
    ...kept.filter(isRenamed).map((cluster) => `${renaming(cluster)}.`),
    ...split.map((cluster) => `Split off from ${called(cluster.origin!)}: ${called(cluster)}.`),
    fresh.length > 0 ? `New: ${listed(fresh)}.` : "",
    gone.length > 0 ? `Gone: ${listed(gone)}.` : "",
  ]
    .filter(Boolean)
    .join(" ");
}

/** Whether a cluster goes by another name than in the last run: it has moved, and the old one would not be true. */
export const isRenamed = ({ relation, name, origin }: IdentifiedCluster): boolean =>
  relation === "kept" && origin !== null && origin.name !== name;

function renaming({ id, name, origin }: IdentifiedCluster): string {
  return `${id} no longer fits its name “${origin!.name}” and is called “${name}”`;
}

function foundAgain(kept: readonly ClusterIdentity[], before: number): string {
  if (kept.length === 0) return "No cluster of the last run is found again.";
  if (before === 1) return "The one cluster of the last run is found again.";
  if (kept.length === before) return `All ${before} clusters of the last run are found again.`;
  const numbers = kept.map(({ id }) => id).join(", ");
  return `${kept.length} of the last run's ${before} clusters ${pluralForm(kept.length, "is", "are")} found again: ${numbers}.`;
}

const called = ({ id, name }: ClusterIdentity): string => `${id} “${name}”`;

const listed = (clusters: readonly ClusterIdentity[]): string => clusters.map(called).join(", ");
