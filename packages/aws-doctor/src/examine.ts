import {
  type AwsSession,
  ensureBucket,
  findExecutionRole,
  isDenied,
  listBuckets,
  trustInSageMaker,
} from "@keyspaces-segmentation/aws-session";
import { messageOf, type StepError } from "@keyspaces-segmentation/common";
import type { KeyspacesSettings } from "@keyspaces-segmentation/keyspaces-bulk";
import { attempt, type Check, type Outcome, pasted } from "./check.js";
import { checkClock } from "./clock.js";
import { checkKeyspaces, type KeyspacesAnswers } from "./keyspaces.js";
import { type Found, type Needs, neededStatements, networkStatements, valuesOf } from "./needs.js";
import { type Answer, type Answers, actionsOf, judge, type NeededStatement } from "./permissions.js";
import { statementsOf } from "./policies.js";
import { probes } from "./probes.js";
import { checkQuota } from "./quota.js";
import { principalNamed, simulated } from "./simulate.js";

/** What was found, and a line for each thing that was looked at. */
export interface Examination {
  readonly checks: Check[];
  /** ARN of the execution role; "" when none was found. */
  readonly role: string;
  /** Name of the bucket to use; "" when there is none. */
  readonly bucket: string;
  /** All buckets of the account. */
  readonly buckets: string[];
}

/** How to look. */
export interface ExamineOptions {
  readonly keyspaces: KeyspacesSettings;
  /** What is known not to work, by the name of its line. */
  readonly known?: readonly { readonly name: string; readonly trouble: StepError }[];
  /** Whether SageMaker's default bucket is made where it is missing. */
  readonly createBucket?: boolean;
}

const otherRole = "Set the parameter executionRole to a role whose trust policy lets sagemaker.amazonaws.com assume it";

async function checkRole(aws: AwsSession, needs: Needs): Promise<Outcome<string>> {
  const role = await findExecutionRole(aws, needs.executionRole);
  const found = `${role.arn}, from ${role.source}`;
  const trust = await trustInSageMaker(aws, role);
  if (trust.mayAssume === true) return { value: role.arn, detail: `${found}; SageMaker may assume it` };
  const [statement] = statementsOf(
    needs.policies,
    "training_trust",
    valuesOf(aws, needs, { bucket: "", role: role.arn }),
  );
  const todo = `${otherRole}, or add to that of a role of this account: ${statement && pasted(statement)}`;
  if (trust.mayAssume === "unknown") {
    const detail = `${found}; whether SageMaker may assume it shows in step 7: ${trust.why}`;
    return { value: role.arn, state: "unchecked", detail, todo: `Should it not: ${todo}` };
  }
  return {
    value: role.arn,
    state: "to do",
    todo,
    detail: `${found}: SageMaker may not assume it, ${trust.why}`,
    ...(statement && { statement }),
  };
}

async function checkBucket(aws: AwsSession, wanted: string | null, create: boolean): Promise<Outcome<string>> {
  const { name, created, missing, regionUnknown } = await ensureBucket(aws, wanted, { create });
  if (missing)
    return { value: "", state: "unchecked", detail: `${name} is not there yet; step 1 of the notebook makes it` };
  if (regionUnknown) {
    const detail = `${name}; S3 does not say in which region it lies, and a training job needs one in ${aws.region}`;
    return { value: name, state: "unchecked", detail };
  }
  return { value: name, detail: created ? `${name}, created` : `${name}, in ${aws.region}` };
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

/** Asks IAM, where one may, and what can be asked by doing it; that one has the last word. */
async function answersFor(
  aws: AwsSession,
  needs: Needs,
  { principal, found, keyspaces }: { principal: string; found: Found; keyspaces: KeyspacesAnswers },
  statements: readonly NeededStatement[],
): Promise<{ answers: readonly Answers[]; wasAsked: boolean }> {
  const done: Readonly<Record<string, Answer>> = {
    "KeyspacesConnect cassandra:Select": keyspaces.connect,
    "KeyspacesRows cassandra:Select": keyspaces.select,
    // It has been looked at, and is there.
    ...(found.bucket !== "" && { "Bucket s3:ListBucket": "allowed", "Bucket s3:CreateBucket": "not needed" }),
  };
  const asking = probes(aws, needs, found);
  const simulate = (each: NeededStatement) => simulated(aws, needs, principal, each).catch(() => undefined);
  const [first, ...others] = statements;
  const said = first && (await simulate(first));
  // Who may not ask about the first one may not ask about any.
  const ofOthers = await Promise.all(others.map((each) => (said ? simulate(each) : undefined)));
  const answers = await Promise.all(
    statements.map(async (each, index) => {
      const known = new Map(index === 0 ? said : ofOthers[index - 1]);
      for (const action of actionsOf(each.statement)) {
        const key = `${each.statement.Sid} ${action}`;
        const answer = done[key] ?? (await asking[key]?.()) ?? "unknown";
        if (answer !== "unknown") known.set(action, answer);
      }
      return known;
    }),
  );
  return { answers, wasAsked: said !== undefined };
}

/** Statements that other lines tell of; about a role that will not do, there is nothing to ask. */
const toldElsewhere = (roleServes: boolean): readonly string[] => [
  "ListOfBuckets",
  ...(roleServes ? [] : ["TrainingRole", "PassTrainingRole"]),
];

/**
 * Looks at what a run will need before it needs it: caller, clock, role, bucket, Keyspaces, and each permission. Nothing is made or
 * changed, except SageMaker's default bucket if that is asked for. A failed check is a line in the answer, never an exception, and
 * what cannot be known is not called ok.
 */
export async function examine(
  aws: AwsSession,
  needs: Needs,
  { keyspaces, known = [], createBucket = false }: ExamineOptions,
): Promise<Examination> {
  const checks: Check[] = [];
  const buckets = await attempt(checks, "list of buckets", [] as string[], () => checkBuckets(aws));
  const outOfTheQuestion = known.find(({ name }) => name === "region");
  await attempt(checks, "region", undefined, async () => {
    if (outOfTheQuestion) throw outOfTheQuestion.trouble;
    return { value: undefined, detail: aws.region };
  });
  checks.push({ name: "caller", state: "ok", detail: `${aws.arn}, account ${aws.account}` });
  for (const { name, trouble } of known) {
    if (name !== "region") await attempt(checks, name, undefined, () => Promise.reject(trouble));
  }
  await attempt(checks, "clock", undefined, () =>
    checkClock(aws).catch((error: unknown) => ({ value: undefined, state: "unchecked", detail: messageOf(error) })),
  );
  const role = await attempt(checks, "execution role", "", () => checkRole(aws, needs));
  const bucket = await attempt(checks, "bucket", "", () => checkBucket(aws, needs.bucket, createBucket));
  const roleServes = checks.some(({ name, state }) => name === "execution role" && state !== "to do");
  const later: Check[] = [];
  const connected = await checkKeyspaces(later, aws, keyspaces, needs);
  const found = { bucket, role };
  await attempt(later, "quota", undefined, () => checkQuota(aws, needs.instanceType));
  checks.push(...later.map((check) => (check.state === "to do" ? { ...check, later: true as const } : check)));
  const principal = await principalNamed(aws);
  const statements = neededStatements(aws, needs, found).filter(
    ({ statement }) => !toldElsewhere(roleServes).includes(statement.Sid),
  );
  const asked = { principal, found, keyspaces: connected };
  const { answers, wasAsked } = await answersFor(aws, needs, asked, statements);
  for (const [index, statement] of statements.entries()) checks.push(judge(statement, answers[index]!, principal));
  for (const each of networkStatements(aws, needs, found)) {
    const said = await simulated(aws, needs, role, each).catch((): Answers => new Map());
    checks.push(judge(each, said, role));
  }
  if (!wasAsked) {
    const detail = "may not be asked what the policies allow: what only a later step shows stays unchecked";
    const todo = `To know it beforehand, give ${principal} what infra/iam/doctor_policy.json has.`;
    checks.push({ name: "IAM", state: "unchecked", detail, todo });
  }
  return { checks, role, bucket, buckets };
}
