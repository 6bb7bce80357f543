import type { Identities, KnownCluster, KnownClusters } from "./identity.js";

/**
 * What became of the clusters since the last run, in sentences: which are found again, new, split from which, gone.
 *
 * @param known what the last run left; null for a first run
 */
export function describeIdentities(
  { clusters, gone }: Pick<Identities, "clusters" | "gone">,
  known: Pick<KnownClusters, "runId"> | null,
): string {
  const ordered = clusters.toSorted((a, b) => a.id - b.id);
  const all = (relation: string) => ordered.filter((cluster) => cluster.relation === relation);
  const [kept, fresh, split] = [all("kept"), all("new"), all("split")];
  if (known === null) return `${fresh.length === 1 ? "This cluster is" : "These clusters are"} new: ${listed(fresh)}.`;
  const before = kept.length + gone.length;
  return [
    kept.length === before
      ? `${before === 1 ? "The one cluster" : `All ${before} clusters`} of the last run ${before === 1 ? "is" : "are"} found again: ${listed(kept)}.`
      : kept.length > 0
        ? `${kept.length} of the last run's ${before} clusters ${kept.length === 1 ? "is" : "are"} found again: ${listed(kept)}.`
        : "No cluster of the last run is found again.",
    ...split.map((cluster) => `Split off from ${called(cluster.origin!)}: ${called(cluster)}.`),
    fresh.length > 0 ? `New: ${listed(fresh)}.` : "",
    gone.length > 0 ? `Gone: ${listed(gone)}.` : "",
  ]
    .filter(Boolean)
    .join(" ");
}

const called = ({ id, name }: KnownCluster): string => `${id} “${name}”`;

const listed = (clusters: readonly KnownCluster[]): string => clusters.map(called).join(", ");
