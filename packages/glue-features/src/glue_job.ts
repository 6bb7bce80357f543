import {
  CreateJobCommand,
  DeleteJobCommand,
  GetJobCommand,
  type Job,
  type JobUpdate,
  UpdateJobCommand,
  type WorkerType,
} from "@aws-sdk/client-glue";
import { askUntilAnswered } from "@keyspaces-segmentation/aws-jobs";
import { type AwsSession, reasonOf, tagsOf } from "@keyspaces-segmentation/aws-session";
import { messageOf, StepError } from "@keyspaces-segmentation/common";
import { glueOf } from "./glue_client.js";
import { otherUnderWay, runsUnderWay } from "./runs_under_way.js";
import { fileArguments, type ScriptJob } from "./script_job.js";

/** Spark 3.5, Python 3.11, Java 17. Left out, it would be whatever is the newest. https://docs.aws.amazon.com/glue/latest/dg/release-notes.html */
const GLUE_VERSION = "5.1";

/** By which jobs that this project has made are known. */
const MARK = "Made by keyspaces-segmentation";

function definitionOf(job: ScriptJob): JobUpdate {
  const { role, workerType, workers, timeoutMinutes } = job;
  const { "--scriptLocation": script, ...files } = fileArguments(job);
  return {
    Description: `${MARK}: features and clusters of customers, from and in tables of Amazon Keyspaces`,
    Role: role,
    Command: { Name: "glueetl", ScriptLocation: script, PythonVersion: "3" },
    DefaultArguments: { "--job-language": "python", ...files },
    GlueVersion: GLUE_VERSION,
    WorkerType: workerType as WorkerType,
    NumberOfWorkers: workers,
    Timeout: timeoutMinutes,
    MaxRetries: 0,
  };
}

/** Whether a job is as it is to be; what AWS adds by itself does not count. */
function isAs(job: Job, wanted: JobUpdate): boolean {
  const covers = (found: unknown, asked: unknown): boolean =>
    typeof asked === "object" && asked !== null
      ? typeof found === "object" &&
        found !== null &&
        Object.entries(asked).every(([name, value]) => covers((found as Record<string, unknown>)[name], value))
      : found === asked;
  const others = Object.keys(job.DefaultArguments ?? {}).filter((name) => !(name in (wanted.DefaultArguments ?? {})));
  return others.length === 0 && covers(job, wanted);
}

const createHints = {
  AccessDeniedException:
    "The signed-in identity needs glue:CreateJob, glue:GetJob, glue:UpdateJob and glue:StartJobRun on the job, and iam:PassRole on its role, with iam:PassedToService glue.amazonaws.com: see infra/iam/spark_policy.json.",
};

async function getJob(aws: AwsSession, name: string, signal: AbortSignal | undefined): Promise<Job | undefined> {
  try {
    const options = signal ? { abortSignal: signal } : {};
    return (await glueOf(aws).send(new GetJobCommand({ JobName: name }), options)).Job;
  } catch (error) {
    if (reasonOf(error) === "EntityNotFoundException") return undefined;
    throw error;
  }
}

/** A job by its name; undefined where there is none. @throws StepError */
export const findJob = (aws: AwsSession, name: string, signal: AbortSignal | undefined): Promise<Job | undefined> =>
  askUntilAnswered(`look for the Glue job ${name}`, () => getJob(aws, name, signal), { hints: createHints, signal });

/** Somebody else, on the same prefix, makes or changes the job at the same moment. */
const madeMeanwhile = ["AlreadyExistsException", "IdempotentParameterMismatchException"];
const passes = (error: unknown): boolean =>
  [...madeMeanwhile, "ConcurrentModificationException"].includes(reasonOf(error));

/** Makes a job. @returns the one that somebody else has made meanwhile; undefined where none has */
function createJob(
  aws: AwsSession,
  { name, role }: ScriptJob,
  wanted: JobUpdate,
  signal: AbortSignal | undefined,
): Promise<Job | undefined> {
  // A job is of all runs below its prefix: it names none of them.
  const { "made-by": madeBy = "" } = tagsOf(aws);
  let mayTag = true;
  const send = async (): Promise<Job | undefined> => {
    const Tags = mayTag ? { "made-by": madeBy } : undefined;
    try {
      await glueOf(aws).send(
        new CreateJobCommand({ ...wanted, Name: name, Role: role, Command: wanted.Command, Tags }),
      );
      return undefined;
    } catch (error) {
      // A job is known by its description as well: a role that may not tag can do without.
      if (mayTag && /glue:TagResource/.test(messageOf(error))) {
        mayTag = false;
        return send();
      }
      const there = madeMeanwhile.includes(reasonOf(error)) ? await getJob(aws, name, signal) : undefined;
      if (there === undefined) throw error;
      return there;
    }
  };
  return askUntilAnswered(`create the Glue job ${name}`, send, { hints: createHints, passes, signal });
}

/** Whether this project has made it. */
export const isOwn = ({ Description }: Pick<Job, "Description">): boolean => Description?.startsWith(MARK) === true;

function requireOwn(job: Job, name: string): void {
  if (isOwn(job)) return;
  throw new StepError({
    tried: `use the Glue job ${name}`,
    got: "there is one of that name, and this project did not make it",
    hint: "Set another `prefix` or `bucket`, which the name is made of.",
  });
}

/**
 * Sees to it that there is a job, as it is to be: made, changed, or found as it is.
 *
 * @throws StepError when Glue refuses it, or somebody else's job has its name; the signal's reason when aborted
 */
export async function ensureJob(
  aws: AwsSession,
  job: ScriptJob,
  { signal }: { signal?: AbortSignal | undefined } = {},
): Promise<"created" | "changed" | "found"> {
  const { name } = job;
  const wanted = definitionOf(job);
  const known = (await findJob(aws, name, signal)) ?? (await createJob(aws, job, wanted, signal));
  if (known === undefined) return "created";
  requireOwn(known, name);
  if (isAs(known, wanted)) return "found";
  const update = new UpdateJobCommand({ JobName: name, JobUpdate: wanted });
  const send = () => glueOf(aws).send(update);
  await askUntilAnswered(`change the Glue job ${name}`, send, { hints: createHints, passes, signal });
  return "changed";
}

/** What became of a job, in words, and whether it is not there any more. */
export interface Deletion {
  readonly isGone: boolean;
  /** Whether it is somebody else's, of that name. */
  readonly isForeign: boolean;
  readonly outcome: string;
}

/**
 * Deletes a job that this project has made; its runs stay in the account's history. While a run of somebody else's is under way, it stays:
 * whoever waits for that run could not ask for it any more.
 *
 * @throws StepError when it cannot be looked for or deleted; the signal's reason when aborted
 */
export async function deleteJob(aws: AwsSession, name: string, signal?: AbortSignal): Promise<Deletion> {
  const job = await findJob(aws, name, signal);
  if (job === undefined) return { isGone: true, isForeign: false, outcome: "was not there" };
  if (!isOwn(job)) return { isGone: false, isForeign: true, outcome: "stays, this project did not make it" };
  const other = otherUnderWay(aws, await runsUnderWay(aws, name, signal));
  if (other !== undefined) return { isGone: false, isForeign: false, outcome: `stays, ${other}` };
  const send = () => glueOf(aws).send(new DeleteJobCommand({ JobName: name }));
  await askUntilAnswered(`delete the Glue job ${name}`, send, { signal });
  return { isGone: true, isForeign: false, outcome: "deleted" };
}

/** What to do where a run was refused for its role. */
export function roleHint(role: string): (error: unknown) => string | undefined {
  return (error) =>
    /assume role permissions for Glue/.test(messageOf(error))
      ? `There has to be a role ${role}, and its trust policy has to let Glue in, as infra/iam/features_trust.json does. Or set the parameter \`sparkRole\` to one that does.`
      : undefined;
}
