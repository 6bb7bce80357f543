import { reasonOf } from "@keyspaces-segmentation/aws-session";
import { messageOf } from "@keyspaces-segmentation/common";

/** As the service has it that a type is not to be had in a region, or not for this kind of work. */
const absent =
  /not available in this region|unsupported instance type|instance type .*(not supported|not available|unsupported)|at '[\w.]*instanceType' failed to satisfy constraint/i;
/** "The account-level service limit 'ml.p3.2xlarge for training job usage' is 0 Instances, …" */
const quota = /service limit '([^']+)' is (\d+)/i;

/**
 * What to do about a job or endpoint that was refused for its instances: a type that the region does not have, which SageMaker
 * reports as a quota or as an invalid request, is told from a quota. Undefined for every other refusal.
 *
 * @param region the service names none
 */
export function instanceHint(error: unknown, instanceType: string, region: string): string | undefined {
  const reason = reasonOf(error);
  if (!["ResourceLimitExceeded", "ValidationException"].includes(reason)) return undefined;
  const text = messageOf(error);
  if (absent.test(text)) {
    return `SageMaker has no ${instanceType} for this in ${region}: no quota helps. Choose another instance type, such as ml.m5.large.`;
  }
  const [, name, limit] = quota.exec(text) ?? [];
  if (name === undefined) return undefined;
  const ask = `Ask for a higher quota "${name}" in the Service Quotas console`;
  if (Number(limit) > 0) return `${ask}, wait until other jobs have ended, or choose another instance type.`;
  return `${ask}; if it is not listed there, ${region} does not have that type. Or choose another instance type.`;
}
