import { join } from "node:path";
import { type CreateJobRequest, GetJobRunCommand, type GlueClient, type JobRun } from "@aws-sdk/client-glue";
import { waitUntil } from "@keyspaces-segmentation/common";
import { ROOT } from "@keyspaces-segmentation/local-support";

/** A `spark-submit` that runs scripts with Python alone. */
export const FAKE_SPARK_SUBMIT: string = join(ROOT, "test", "fixtures", "spark", "spark-submit");

export const Bucket = "glue-test";
export const Role = "arn:aws:iam::123456789012:role/LocalDataScientist";

let jobs = 0;
/** A request that Glue takes, for a script in the bucket, with a name of its own. */
export function jobRequest(
  script: string,
  more: Partial<Omit<CreateJobRequest, "Name">> = {},
): CreateJobRequest & { Name: string } {
  jobs += 1;
  return {
    Name: `job-${jobs}`,
    Role,
    Command: { Name: "glueetl", ScriptLocation: `s3://${Bucket}/${script}`, PythonVersion: "3" },
    GlueVersion: "5.1",
    WorkerType: "G.1X",
    NumberOfWorkers: 2,
    ...more,
  };
}

/** Looks at a run until it is in one of the states, or over. */
export function untilIn(glue: GlueClient, JobName: string, RunId: string, ...states: string[]): Promise<JobRun> {
  const wanted = [...states, "SUCCEEDED", "FAILED", "STOPPED", "TIMEOUT"];
  const look = async () => {
    const { JobRun: run } = await glue.send(new GetJobRunCommand({ JobName, RunId }));
    const seen = run?.JobRunState ?? "no state";
    return wanted.includes(seen) ? { done: run!, seen } : { seen };
  };
  return waitUntil(`${JobName} to end`, look, { deadlineMs: 120_000, firstDelayMs: 20, maxDelayMs: 100 });
}
