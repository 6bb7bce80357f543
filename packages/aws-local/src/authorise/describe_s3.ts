/**
 * What requests to S3 want to do.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
 */
import { type AccessRequest, requestValues } from "@keyspaces-segmentation/iam-local";
import { headerValues, type WireRequest } from "@keyspaces-segmentation/local-support";
import type { Describe } from "./call.js";

/** Parameters that say how something is answered, not what is asked. */
const refinements = new Set([
  ...["list-type", "prefix", "delimiter", "max-keys", "start-after", "continuation-token", "encoding-type", "marker"],
  ...["fetch-owner", "x-id", "key-marker", "version-id-marker", "upload-id-marker", "max-uploads", "versionId"],
  ...["partNumber", "uploadId", "max-parts", "part-number-marker", "max-buckets", "bucket-region"],
]);
const isRefinement = (name: string): boolean =>
  refinements.has(name) || name.startsWith("response-") || name.toLowerCase().startsWith("x-amz-");

/** What is asked of a bucket, by method and the subresource in its query. */
const ofBuckets: Readonly<Record<string, string>> = {
  HEAD: "ListBucket",
  GET: "ListBucket",
  PUT: "CreateBucket",
  DELETE: "DeleteBucket",
  "GET location": "GetBucketLocation",
  "GET policy": "GetBucketPolicy",
  "PUT policy": "PutBucketPolicy",
  "DELETE policy": "DeleteBucketPolicy",
  "GET versions": "ListBucketVersions",
  "GET uploads": "ListBucketMultipartUploads",
  "GET encryption": "GetEncryptionConfiguration",
  "PUT encryption": "PutEncryptionConfiguration",
  "DELETE encryption": "PutEncryptionConfiguration",
  "GET lifecycle": "GetLifecycleConfiguration",
  "PUT lifecycle": "PutLifecycleConfiguration",
  "DELETE lifecycle": "PutLifecycleConfiguration",
  "GET versioning": "GetBucketVersioning",
  "PUT versioning": "PutBucketVersioning",
  "GET publicAccessBlock": "GetBucketPublicAccessBlock",
  "PUT publicAccessBlock": "PutBucketPublicAccessBlock",
  "DELETE publicAccessBlock": "PutBucketPublicAccessBlock",
};

/** The same of an object. */
const ofObjects: Readonly<Record<string, string>> = {
  HEAD: "GetObject",
  GET: "GetObject",
  PUT: "PutObject",
  DELETE: "DeleteObject",
  "POST uploads": "PutObject",
  "PUT tagging": "PutObjectTagging",
};

/** Where a request goes. */
export interface S3Address {
  readonly bucket: string;
  readonly key: string;
  readonly query: URLSearchParams;
}

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

/** The bucket and key that a path names. */
export function addressOf({ target }: WireRequest): S3Address {
  const [path = "", query = ""] = target.split(/\?(.*)/s);
  const [, bucket = "", key = ""] = /^\/([^/]*)\/?(.*)$/s.exec(path) ?? [];
  return { bucket: decoded(bucket), key: decoded(key), query: new URLSearchParams(query) };
}

const arnOf = (bucket: string, key = ""): string => `arn:aws:s3:::${bucket}${key === "" ? "" : `/${key}`}`;

/** @param values what else is known of the request */
export const onObject = (
  action: string,
  bucket: string,
  key: string,
  values: AccessRequest["values"] = requestValues({}),
): AccessRequest => ({ action: `s3:${action}`, resource: arnOf(bucket, key), values });

function actionOnObject(method: string, subresource: string, query: URLSearchParams): string | undefined {
  if (subresource !== "") return ofObjects[`${method} ${subresource}`];
  if (query.has("uploadId")) {
    return { GET: "ListMultipartUploadParts", DELETE: "AbortMultipartUpload", PUT: "PutObject", POST: "PutObject" }[
      method
    ];
  }
  const action = ofObjects[method];
  // A version that is named is another permission; that of nothing in particular is the null version.
  return query.has("versionId") && (action === "GetObject" || action === "DeleteObject") ? `${action}Version` : action;
}

const header = (wire: WireRequest, name: string): string | undefined => headerValues(wire, name)[0];

/** The keys that a request to delete several names, with their versions. */
export function keysToDelete(body: Buffer): { key: string; version: string | undefined; element: string }[] {
  return [...body.toString("utf8").matchAll(/<Object>(.*?)<\/Object>/gs)].map(([element, inner = ""]) => ({
    key: unescaped(/<Key>(.*?)<\/Key>/s.exec(inner)?.[1] ?? ""),
    version: /<VersionId>(.*?)<\/VersionId>/s.exec(inner)?.[1],
    element,
  }));
}

const entities: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

/** Text of XML, with what is written as an entity in place. */
function unescaped(text: string): string {
  return text.replace(/&(#x[\da-f]+|#\d+|\w+);/gi, (whole, name: string) => {
    if (name.startsWith("#x")) return String.fromCodePoint(Number.parseInt(name.slice(2), 16));
    if (name.startsWith("#")) return String.fromCodePoint(Number(name.slice(1)));
    return entities[name] ?? whole;
  });
}

/** Whether it deletes several objects, each of which is allowed or refused on its own. */
export const deletesSeveral = (wire: WireRequest): boolean =>
  wire.method === "POST" && addressOf(wire).key === "" && addressOf(wire).query.has("delete");

/** What a request to S3 wants to do. */
export const describeS3: Describe = ({ wire, body }) => {
  const { bucket, key, query } = addressOf(wire);
  const { method } = wire;
  if (bucket === "") {
    if (method !== "GET" || [...query.keys()].some((name) => !isRefinement(name))) return undefined;
    return [{ action: "s3:ListAllMyBuckets", resource: "*", values: requestValues({}) }];
  }
  if (deletesSeveral(wire)) {
    return keysToDelete(body).map(({ key: each, version }) =>
      onObject(
        version === undefined ? "DeleteObject" : "DeleteObjectVersion",
        bucket,
        each,
        requestValues({ "s3:VersionId": version }),
      ),
    );
  }
  const subresources = [...query.keys()].filter((name) => !isRefinement(name));
  if (subresources.length > 1) return undefined;
  const [subresource = ""] = subresources;
  const values = requestValues({
    "s3:prefix": query.get("prefix") ?? undefined,
    "s3:delimiter": query.get("delimiter") ?? undefined,
    "s3:max-keys": query.get("max-keys") ?? undefined,
    "s3:VersionId": query.get("versionId") ?? undefined,
    "s3:x-amz-acl": header(wire, "x-amz-acl"),
    "s3:x-amz-content-sha256": header(wire, "x-amz-content-sha256"),
    "s3:x-amz-copy-source": header(wire, "x-amz-copy-source"),
    "s3:x-amz-server-side-encryption": header(wire, "x-amz-server-side-encryption"),
    "s3:x-amz-server-side-encryption-aws-kms-key-id": header(wire, "x-amz-server-side-encryption-aws-kms-key-id"),
    "s3:x-amz-storage-class": header(wire, "x-amz-storage-class"),
  });
  const action = key === "" ? ofBuckets[`${method} ${subresource}`.trim()] : actionOnObject(method, subresource, query);
  if (action === undefined) return undefined;
  const requests = [onObject(action, bucket, key, values)];
  const source = header(wire, "x-amz-copy-source");
  if (source !== undefined) {
    const [from = "", of = ""] = decoded(source.replace(/\?.*$/, ""))
      .replace(/^\//, "")
      .split(/\/(.*)/s);
    requests.push(onObject("GetObject", from, of));
  }
  if (header(wire, "x-amz-tagging") !== undefined) requests.push(onObject("PutObjectTagging", bucket, key, values));
  return requests;
};
