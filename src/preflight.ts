import type { AwsSession } from "@keyspaces-segmentation/aws-session";
import {
  ensureBucket,
  findExecutionRole,
  isDenied,
  listBuckets,
  trustInSageMaker,
} from "@keyspaces-segmentation/aws-session";
import { messageOf, StepError } from "@keyspaces-segmentation/common";
import { hasKMeans } from "@keyspaces-segmentation/sagemaker-kmeans";
import { dataOutOfReach } from "./retail_data.js";
import type { Settings } from "./settings.js";

/** One line of the preflight table. */
interface Check {
  name: string;
  /** "unchecked": what cannot be known beforehand, or may not be looked at; it stops nothing. */
  state: "ok" | "unchecked" | "to do";
  detail: string;
  /** What to do about it; where it is unchecked, should it turn out wrong. */
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

type Outcome<T> = { value: T } & Pick<Check, "detail"> & Partial<Pick<Check, "state" | "todo">>;

/** Runs one check and turns its failure into a line of the table. */
async function attempt<T>(checks: Check[], name: string, otherwise: T, check: () => Promise<Outcome<T>>): Promise<T> {
  try {
    const { value, state = "ok", detail, todo } = await check();
    checks.push({ name, state, detail, ...(todo !== undefined && { todo }) });
    return value;
  } catch (error) {
    const todo = error instanceof StepError ? error.hint : undefined;
    checks.push({ name, state: "to do", detail: messageOf(error), ...(todo !== undefined && { todo }) });
    return otherwise;
  }
}

const otherRole =
  "Set the parameter executionRole to a role whose trust policy lets sagemaker.amazonaws.com assume it.";

async function checkRole(aws: AwsSession, given: string | null): Promise<Outcome<string>> {
  const role = await findExecutionRole(aws, given);
  const found = `${role.arn}, from ${role.source}`;
  const trust = await trustInSageMaker(aws, role);
  if (trust.mayAssume === true) return { value: role.arn, detail: `${found}; SageMaker may assume it` };
  if (trust.mayAssume === "unknown") {
    const detail = `${found}; whether SageMaker may assume it shows in step 7: ${trust.why}`;
    return { value: role.arn, state: "unchecked", detail, todo: `Should it not: ${otherRole}` };
  }
  return {
    value: role.arn,
    state: "to do",
    detail: `${found}: SageMaker may not assume it, ${trust.why}`,
    todo: otherRole,
  };
}

async function checkBucket(aws: AwsSession, wanted: string | null): Promise<Outcome<string>> {
  const { name, created, regionUnknown } = await ensureBucket(aws, wanted);
  if (regionUnknown) {
    const detail = `${name}; S3 does not say in which region it lies, and a training job needs one in ${aws.region}`;
    return { value: name, state: "unchecked", detail };
  }
  return { value: name, detail: created ? `${name}, created` : name };
}

/** Nothing needs the list: without the permission for it, it is just not shown. */
async function checkBuckets(aws: AwsSession): Promise<Outcome<string[]>> {
  try {
    const names = await listBuckets(aws);
    return { value: names, detail: listed(names) };
  } catch (error) {
    if (!isDenied(error)) throw error;
    return { value: [], state: "unchecked", detail: "not shown without s3:ListAllMyBuckets, which nothing here needs" };
  }
}

/** An account may have a thousand buckets: the first few show that this is the right one. */
function listed(buckets: string[]): string {
  const shown = [...buckets.slice(0, 10), ...(buckets.length > 10 ? ["…"] : [])].join(", ");
  return `${buckets.length} in the account${shown && `: ${shown}`}`;
}

/** What only the step itself finds out. */
const unchecked: Check = {
  name: "permissions, quotas",
  state: "unchecked",
  detail:
    "whether you may use Keyspaces, write to the bucket, start jobs and pass them the role shows in the step that does",
};

/**
 * Checks what the walkthrough will need before it needs it: region, caller, execution role, bucket. Creates SageMaker's default
 * bucket if that is the one to use and it is missing. A failed check is a line in the answer, never an exception, and what cannot be
 * known is not called ok.
 */
export async function preflight(aws: AwsSession, settings: Pick<Settings, "parameters">): Promise<Preflight> {
  const { executionRole, bucket: wanted } = settings.parameters;
  const checks: Check[] = [];
  await attempt(checks, "region", undefined, async () => {
    if (hasKMeans(aws.region)) return { value: undefined, detail: aws.region };
    throw new StepError({
      tried: `train in ${aws.region}`,
      got: "no container image of SageMaker's K-Means algorithm is known there",
      hint: "Set AWS_REGION to a region that has it, such as eu-central-1 or us-east-1.",
    });
  });
  checks.push({ name: "caller", state: "ok", detail: `${aws.arn}, account ${aws.account}` });
  const outOfReach = dataOutOfReach(aws, settings);
  if (outOfReach) await attempt(checks, "retail data", undefined, () => Promise.reject(outOfReach));
  const role = await attempt(checks, "execution role", "", () => checkRole(aws, executionRole));
  const bucket = await attempt(checks, "bucket", "", () => checkBucket(aws, wanted));
  const buckets = await attempt(checks, "list of buckets", [] as string[], () => checkBuckets(aws));
  checks.push(unchecked);
  return { checks, role, bucket, buckets };
}
