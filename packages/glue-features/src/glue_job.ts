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
import { type AwsSession, reasonOf } from "@keyspaces-segmentation/aws-session";
import { messageOf, StepError } from "@keyspaces-segmentation/common";
import { glueOf } from "./glue_client.js";
import type { ScriptJob } from "./script_job.js";

/** Spark 3.5, Python 3.11, Java 17. Left out, it would be whatever is the newest. https://docs.aws.amazon.com/glue/latest/dg/release-notes.html */
const GLUE_VERSION = "5.1";

/** By which jobs that this project has made are known. */
const MARK = "Made by keyspaces-segmentation";

function definitionOf({ script, modules, jars, role, workerType, workers, timeoutMinutes }: ScriptJob): JobUpdate {
  return {
    Description: `${MARK}: features and clusters of customers, from and in tables of Amazon Keyspaces`,
    Role: role,
    Command: { Name: "glueetl", ScriptLocation: script, PythonVersion: "3" },
    DefaultArguments: {
      "--job-language": "python",
      "--extra-jars": jars.join(","),
      "--extra-py-files": modules.join(","),
    },
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

/** A job by its name; undefined where there is none. @throws StepError */
export async function findJob(
  aws: AwsSession,
  name: string,
  signal: AbortSignal | undefined,
): Promise<Job | undefined> {
  const send = async () => {
    try {
      const options = signal ? { abortSignal: signal } : {};
      return { found: (await glueOf(aws).send(new GetJobCommand({ JobName: name }), options)).Job };
    } catch (error) {
      if (reasonOf(error) === "EntityNotFoundException") return { found: undefined };
      throw error;
    }
  };
  return (await askUntilAnswered(`look for the Glue job ${name}`, send, { hints: createHints, signal })).found;
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
  const glue = glueOf(aws);
  const wanted = definitionOf(job);
  const options = { hints: createHints, signal };
  const known = await findJob(aws, name, signal);
  if (known === undefined) {
    // The same once more is no fault to Glue.
    const create = new CreateJobCommand({ ...wanted, Name: name, Role: job.role, Command: wanted.Command });
    await askUntilAnswered(`create the Glue job ${name}`, () => glue.send(create), options);
    return "created";
  }
  requireOwn(known, name);
  if (isAs(known, wanted)) return "found";
  const update = new UpdateJobCommand({ JobName: name, JobUpdate: wanted });
  await askUntilAnswered(`change the Glue job ${name}`, () => glue.send(update), options);
  return "changed";
}

/**
 * Deletes a job that this project has made; its runs stay in the account's history.
 *
 * @returns what became of it
 * @throws StepError when it cannot be looked for or deleted
 */
export async function deleteJob(aws: AwsSession, name: string): Promise<"deleted" | "absent" | "foreign"> {
  const job = await findJob(aws, name, undefined);
  if (job === undefined) return "absent";
  if (!isOwn(job)) return "foreign";
  const send = () => glueOf(aws).send(new DeleteJobCommand({ JobName: name }));
  await askUntilAnswered(`delete the Glue job ${name}`, send);
  return "deleted";
}

/** What to do where a run was refused for its role. */
export function roleHint(role: string): (error: unknown) => string | undefined {
  return (error) =>
    /assume role permissions for Glue/.test(messageOf(error))
      ? `There has to be a role ${role}, and its trust policy has to let Glue in, as infra/iam/features_trust.json does. Or set the parameter \`sparkRole\` to one that does.`
      : undefined;
}
