import { invalid } from "../protocol/refusal.js";
import type { Definition } from "./ddl.js";
import type { Lifecycle } from "./lifecycle.js";

/**
 * Judges the Regions that a keyspace is to have.
 *
 * @param region the one that is emulated
 * @throws Refusal
 * @see https://docs.aws.amazon.com/keyspaces/latest/devguide/keyspaces-multi-region-add-replica.html
 */
export function checkRegions(definition: Definition, region: string, lifecycle: Lifecycle): void {
  const { kind, keyspace, regions = [], properties } = definition;
  if (regions.length === 0) return;
  if (!regions.includes(region)) {
    throw invalid(`The Region of this endpoint, ${region}, has to be one of the keyspace's`, "KL-REGIONS");
  }
  if (kind !== "alter") return;
  const removed = lifecycle.findKeyspace(keyspace)?.regions.find((each) => !regions.includes(each));
  if (removed !== undefined)
    throw invalid(`A Region cannot be removed from a keyspace, ${removed} is missing`, "KL-REGIONS");
  if (properties.has("client_side_timestamps")) return;
  const without = lifecycle.tablesOf(keyspace).find(({ customProperties }) => !hasTimestamps(customProperties));
  if (without) {
    const text = `Table ${without.table} has no client-side timestamps, which a keyspace in several Regions needs`;
    throw invalid(text, "KL-REGION-TIMESTAMPS");
  }
}

const hasTimestamps = (properties: Definition["customProperties"]): boolean =>
  properties.get("client_side_timestamps")?.get("status") === "enabled";
