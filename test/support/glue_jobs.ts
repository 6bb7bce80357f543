import { delimiter, dirname, join } from "node:path";
import { type CreateJobRequest, GetJobRunCommand, type GlueClient, type JobRun } from "@aws-sdk/client-glue";
import type { SparkSettings } from "@keyspaces-segmentation/aws-local";
import { waitUntil } from "@keyspaces-segmentation/common";
import type { FeaturesRequest } from "@keyspaces-segmentation/glue-features";
import { onlineRetailRules } from "@keyspaces-segmentation/invoices";
import { PYTHON, ROOT } from "@keyspaces-segmentation/local-support";

/** A `spark-submit` that runs scripts with Python alone. */
export const FAKE_SPARK_SUBMIT: string = join(ROOT, "test", "fixtures", "spark", "spark-submit");

/** The same, with a Python that has the SDK. */
export const fakeSpark: SparkSettings = {
  submit: FAKE_SPARK_SUBMIT,
  install: "",
  environment: () => ({ PATH: `${dirname(PYTHON)}${delimiter}${process.env.PATH}` }),
};

/** A request for what the script in test/fixtures/spark/jobs writes. @param folder with a `spark.jar` in it */
export function featuresRequest({
  bucket,
  prefix,
  folder,
}: Record<"bucket" | "prefix" | "folder", string>): FeaturesRequest {
  const scripts = join(ROOT, "test", "fixtures", "spark", "jobs");
  return {
    files: { scripts, jar: join(folder, "spark.jar"), install: "Run npm run spark" },
    settings: {
      parameters: {
        keyspace: "blog",
        table: "online_retail",
        prefix,
        kmsKey: null,
        analysisDate: "2011-12-09",
        preparation: "net",
        scaling: "min_max",
        format: "csv",
        instances: 2,
        sparkWorkerType: "G.1X",
        sparkWorkers: 2,
        sparkTimeoutMinutes: 100,
        sparkRole: null,
        sparkSample: 100,
        recencyCuts: [30, 60, 90, 120],
        frequencyCuts: null,
        monetaryCuts: null,
      },
      keyspacesEndpoint: { host: "127.0.0.1", port: 9142 },
      keyspacesCaFile: "/tmp/ca.pem",
    },
    place: { bucket, role: "arn:aws:iam::123456789012:role/LocalFeatures" },
    rules: { ...onlineRetailRules, productCode: null },
    cut: new Date("2011-09-09T00:00:00Z"),
    rows: 30_000_000,
    rowBytes: 106.2,
  };
}

export const Bucket = "glue-test";
const Role = "arn:aws:iam::123456789012:role/LocalDataScientist";

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
