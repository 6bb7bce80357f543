import { cleanupCommand, locationOf, RUN_PREFIX } from "@keyspaces-segmentation/aws-session";
import { isRegistryKey, RUN_ID } from "@keyspaces-segmentation/cluster-store";
import { isFeature, isJobFile } from "@keyspaces-segmentation/glue-features";

/** Input and output of a training job, or of a batch transform, which lies below the run that has asked for it; results of a run. */
const ofJob = /^[^/]+\/(input|output)\/((train|test)\/)?[^/]+$/;
const ofTransform = new RegExp(`^${RUN_ID}/[^/]+/(input|output)/[^/]+$`);
const results = /^[^/]+\/results\/[^/]+$/;

/** Whether runs write such a key behind their prefix and a slash. */
const isWritten = (key: string): boolean =>
  isRegistryKey(key) || isJobFile(key) || isFeature(key) || [ofJob, ofTransform, results].some((of) => of.test(key));

/** The prefix of the run that would write a key: the given one, or one further down, as a prefix may have slashes; undefined where none would. */
export function prefixThatWrites(prefix: string, key: string): string | undefined {
  for (let end = prefix.length; end > 0; end = key.indexOf("/", end + 1)) {
    const at = key.slice(0, end);
    if (RUN_PREFIX.test(at) && isWritten(key.slice(end + 1))) return at;
  }
  return undefined;
}

/**
 * The same of a key that is there: what no run would write, or only below a prefix that no run can have, is of the given one.
 *
 * @example prefixOfKey("shop", "shop/eu/2010-12-09-net-min_max-k6-91c0e5a2f7/results/customers.csv") // "shop/eu"
 */
export const prefixOfKey = (prefix: string, key: string): string => prefixThatWrites(prefix, key) ?? prefix;

/** Why it stays what a prefix further down has, or one in another bucket, and which command looks at it. */
export function ofPrefix(prefix: string, bucket: string): string {
  return `it is of the prefix ${prefix}: ${cleanupCommand({ bucket, prefix })}`;
}

/** What runs have trained, and what lies before its job. */
const ofModel = /^(.+)\/[^/]+\/output\/model\.tar\.gz$/;

/**
 * Why it cannot be seen below a prefix whether the run was kept that has made a model: its registry is another prefix's. Undefined where
 * it can, as the model lies there.
 */
export function unseenOf(modelUri: string, { bucket, prefix }: { bucket: string; prefix: string }): string | undefined {
  const { bucket: otherBucket, key } = locationOf(modelUri);
  if (otherBucket === bucket && key.startsWith(`${prefix}/`)) return undefined;
  const [, other] = ofModel.exec(key) ?? [];
  const unseen = "whether its run was kept is not seen here";
  if (other === undefined) return `${unseen}: its model is ${modelUri}; --all removes it`;
  return `${unseen}: ${ofPrefix(other, otherBucket)}`;
}
