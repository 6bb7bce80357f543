import { type AskOptions, askUntilAnswered } from "@keyspaces-segmentation/aws-jobs";
import { reasonOf } from "@keyspaces-segmentation/aws-session";
import { messageOf } from "@keyspaces-segmentation/common";

/** Whether the request had been sent before, by the SDK: then "there is one already" means that the first one arrived. */
const wasRepeated = (error: unknown): boolean =>
  ((error as { $metadata?: { attempts?: number } }).$metadata?.attempts ?? 1) > 1;

/**
 * Creates something under a name of our own, once: a request whose answer got lost is sent again, and the refusal of a name that is
 * taken then means that the first one arrived. What was created a moment ago may not be visible to the service yet.
 *
 * @throws StepError as {@link askUntilAnswered}
 */
export async function create(
  tried: string,
  send: () => Promise<unknown>,
  options: Omit<AskOptions, "passes"> = {},
): Promise<void> {
  let sent = 0;
  const once = async () => {
    try {
      sent += 1;
      await send();
    } catch (error) {
      const taken = reasonOf(error) === "ResourceInUse" || /already exist/i.test(messageOf(error));
      if (!taken || !(sent > 1 || wasRepeated(error))) throw error;
    }
  };
  const passes = (error: unknown) => /^Could not find (model|endpoint configuration) "/.test(messageOf(error));
  await askUntilAnswered(tried, once, { ...options, passes });
}

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
export function instanceHint(instanceType: string | undefined, region: string): (error: unknown) => string | undefined {
  return (error) => {
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
  };
}
