import { GetBucketPolicyCommand } from "@aws-sdk/client-s3";
import { type Policy, type ResourcePolicy, readPolicy } from "@keyspaces-segmentation/iam-local";
import type { MotoClients } from "./moto_client.js";

/** The policies on buckets and KMS keys, read once and again after they may have changed. */
export interface ResourcePolicies {
  /** The policy on what an ARN names; undefined if there is none. */
  of(arn: string): Promise<ResourcePolicy | undefined>;
  /** The ARN of a key by its id, ARN or alias. */
  arnOfKey(key: string): Promise<string>;
  /** What KMS says of a key: "Enabled" if it can be used; undefined if there is none. */
  stateOfKey(key: string): Promise<string | undefined>;
  /** To be called after a request that may have changed some. */
  forget(): void;
}

/** @param account that all of them belong to */
export function createResourcePolicies(
  clients: MotoClients,
  { account, region }: { account: string; region: string },
): ResourcePolicies {
  const known = new Map<string, Promise<Policy | undefined>>();
  const once = (name: string, read: () => Promise<Policy | undefined>): Promise<Policy | undefined> => {
    const policy = known.get(name) ?? read();
    known.set(name, policy);
    // What could not be read is read again.
    policy.catch(() => known.delete(name));
    return policy;
  };
  async function readBucket(bucket: string): Promise<Policy | undefined> {
    try {
      const { Policy: document } = await clients.s3.send(new GetBucketPolicyCommand({ Bucket: bucket }));
      return document ? readPolicy(document, { kind: "resource", name: bucket }) : undefined;
    } catch (error) {
      if (error instanceof Error && ["NoSuchBucketPolicy", "NoSuchBucket"].includes(error.name)) return undefined;
      throw error;
    }
  }
  async function readKey(arn: string): Promise<Policy | undefined> {
    const answer = await clients.kms("GetKeyPolicy", { KeyId: arn, PolicyName: "default" });
    return answer ? readPolicy(answer.Policy, { kind: "resource", name: arn }) : undefined;
  }
  return {
    async of(arn) {
      const [, bucket] = /^arn:aws:s3:::([^/]+)/.exec(arn) ?? [];
      if (bucket !== undefined) {
        const policy = await once(bucket, () => readBucket(bucket));
        return policy && { policy, account, hasToAllow: false };
      }
      if (!/^arn:aws:kms:[^:]*:\d*:key\//.test(arn)) return undefined;
      const policy = await once(arn, () => readKey(arn));
      return policy && { policy, account, hasToAllow: true };
    },
    async arnOfKey(key) {
      const answer = await clients.kms("DescribeKey", { KeyId: key });
      const arn = (answer?.KeyMetadata as { Arn?: string } | undefined)?.Arn;
      return arn ?? (key.startsWith("arn:") ? key : `arn:aws:kms:${region}:${account}:key/${key}`);
    },
    async stateOfKey(key) {
      const answer = await clients.kms("DescribeKey", { KeyId: key });
      return (answer?.KeyMetadata as { KeyState?: string } | undefined)?.KeyState;
    },
    forget: () => known.clear(),
  };
}
