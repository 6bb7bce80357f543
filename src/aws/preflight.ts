import { messageOf, StepError } from "../errors.js";
import type { Settings } from "../settings.js";
import { ensureBucket, listBuckets } from "./bucket.js";
import { findExecutionRole } from "./role.js";
import type { AwsSession } from "./session.js";

/** One line of the preflight table. */
export interface Check {
  name: string;
  ok: boolean;
  detail: string;
  /** What to do about it, when it is not ok. */
  todo?: string;
}

export interface Preflight {
  checks: Check[];
  /** ARN of the execution role; "" when none was found. */
  role: string;
  /** Name of the bucket to use; "" when there is none. */
  bucket: string;
  /** All buckets of the account. */
  buckets: string[];
}

/** Runs one check and turns its failure into a line of the table. */
async function attempt<T>(
  checks: Check[],
  name: string,
  otherwise: T,
  check: () => Promise<{ value: T; detail: string }>,
): Promise<T> {
  try {
    const { value, detail } = await check();
    checks.push({ name, ok: true, detail });
    return value;
  } catch (error) {
    const todo = error instanceof StepError ? error.hint : undefined;
    checks.push({ name, ok: false, detail: messageOf(error), ...(todo !== undefined && { todo }) });
    return otherwise;
  }
}

/** An account may have a thousand buckets: the first few show that this is the right one. */
function listed(buckets: string[]): string {
  const shown = [...buckets.slice(0, 10), ...(buckets.length > 10 ? ["…"] : [])].join(", ");
  return `${buckets.length} in the account${shown && `: ${shown}`}`;
}

/**
 * Checks what the walkthrough will need before it needs it: region, caller, execution role, bucket. Creates SageMaker's default
 * bucket if that is the one to use and it is missing. A failed check is a line in the answer, never an exception.
 */
export async function preflight(aws: AwsSession, settings: Pick<Settings, "parameters">): Promise<Preflight> {
  const { executionRole, bucket: wanted } = settings.parameters;
  const checks: Check[] = [
    { name: "region", ok: true, detail: aws.region },
    { name: "caller", ok: true, detail: `${aws.arn}, account ${aws.account}` },
  ];
  const role = await attempt(checks, "execution role", "", async () => {
    const { arn, source } = await findExecutionRole(aws, executionRole);
    return { value: arn, detail: `${arn}, from ${source}` };
  });
  const bucket = await attempt(checks, "bucket", "", async () => {
    const { name, created } = await ensureBucket(aws, wanted);
    return { value: name, detail: created ? `${name}, created` : name };
  });
  const buckets = await attempt(checks, "list of buckets", [] as string[], async () => {
    const names = await listBuckets(aws);
    return { value: names, detail: listed(names) };
  });
  return { checks, role, bucket, buckets };
}
