import { AwsError } from "@keyspaces-segmentation/local-support";

/**
 * Refuses what would exceed a quota of the account, in AWS's words.
 *
 * @param name `ml.m5.large for training job usage`
 * @param used instances of it that are in use
 * @throws AwsError ResourceLimitExceeded
 */
export function requireQuota(quotas: Readonly<Record<string, number>>, name: string, used: number, more: number): void {
  const limit = quotas[name];
  if (limit === undefined || used + more <= limit) return;
  throw new AwsError(
    "ResourceLimitExceeded",
    `The account-level service limit '${name}' is ${limit} Instances, with current utilization of ${used} Instances ` +
      `and a request delta of ${more} Instances. Please use AWS Service Quotas to request an increase for this quota. ` +
      "If AWS Service Quotas is not available, contact AWS support to request an increase for this quota.",
  );
}
