import { ArgumentError } from "@keyspaces-segmentation/common";

/** Where an object lies. */
export interface ObjectLocation {
  bucket: string;
  key: string;
}

/** Where objects lie whose keys start alike. A prefix ends with a slash, or `s3://b/train` would also mean `train-2/`. */
export interface PrefixLocation {
  bucket: string;
  prefix: string;
}

/** What can be the key prefix of runs: it has no slashes at its ends, and SageMaker's URIs can hold it. */
export const RUN_PREFIX: RegExp = /^[\w!.*'()-]+(\/[\w!.*'()-]+)*$/;

export const uriOf = ({ bucket, key }: ObjectLocation): string => `s3://${bucket}/${key}`;

/** @throws ArgumentError when it is not of the form s3://bucket/key */
export function locationOf(uri: string): ObjectLocation {
  const [, bucket, key] = /^s3:\/\/([^/]+)\/(.+)$/.exec(uri) ?? [];
  if (!bucket || !key) throw new ArgumentError("uri", "of the form s3://bucket/key", uri);
  return { bucket, key };
}

const denied = "The object does not exist or the signed-in identity may not read it (s3:GetObject, s3:ListBucket).";

export const hintsFor = ({ bucket }: { bucket: string }): Record<string, string> => ({
  NoSuchBucket: `There is no bucket ${bucket}. Check its spelling and the account.`,
  NoSuchKey: "The bucket is there, the object is not. Check the key's spelling; capitals count.",
  AccessDenied: denied,
  // A HEAD request is answered without a name for the reason.
  403: denied,
});

/** The same for a request that needs a permission of its own. */
export function hintsNaming(bucket: string, permissions: string): Record<string, string> {
  const missing = `The signed-in identity needs ${permissions} on the bucket ${bucket}.`;
  return { ...hintsFor({ bucket }), AccessDenied: missing, 403: missing };
}

/** @throws ArgumentError for a prefix that could mean more than a folder, or everything */
export function checkPrefix(prefix: string): void {
  if (!/^[^/].*\/$/.test(prefix)) throw new ArgumentError("prefix", "a key prefix that ends with a slash", prefix);
}
