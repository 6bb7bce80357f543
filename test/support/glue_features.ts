import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BatchStopJobRunCommand, StartJobRunCommand } from "@aws-sdk/client-glue";
import { CreateBucketCommand } from "@aws-sdk/client-s3";
import { afterAll, beforeAll } from "@jest/globals";
import type { AwsSession } from "@keyspaces-segmentation/aws-session";
import type { FeaturesRequest, FeaturesSettings } from "@keyspaces-segmentation/glue-features";
import { jobNameFor } from "@keyspaces-segmentation/glue-features/dist/script_job.js";
import { type PolicyOptions, type RunningAws, region, startAws } from "./aws.js";
import { withEnvironment } from "./environment.js";
import { fakeSpark, featuresRequest, untilIn } from "./glue_jobs.js";
import { sessionOf } from "./session.js";

/** A bucket, and a Glue that runs the scripts of test/fixtures/spark/jobs, for all tests of a file. */
export interface GlueFeatures {
  readonly aws: RunningAws;
  /** The job of features. */
  readonly JobName: string;
  /** The jar that runs are sent with. */
  readonly jar: string;
  /** A session of the stand-in's own user, or of whoever is given. */
  session(changes?: Partial<AwsSession>): AwsSession;
  request(parameters?: Partial<FeaturesSettings["parameters"]>): FeaturesRequest;
  /** Starts a run of the job, which has to be there, that does not end by itself, and waits until it is RUNNING. */
  begin(made: { owner: string; run?: string }): Promise<{ id: string; stop: () => Promise<unknown> }>;
}

export function glueFeatures(
  { bucket, prefix }: { bucket: string; prefix: string },
  options: PolicyOptions = { glue: { spark: fakeSpark } },
): GlueFeatures {
  let aws: RunningAws;
  let folder: string;
  const JobName = jobNameFor({ kind: "features", bucket, prefix });
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), `${bucket}-`));
    await writeFile(join(folder, "spark.jar"), "a jar");
    aws = await startAws(20, options);
    await aws.s3.send(new CreateBucketCommand({ Bucket: bucket }));
  });
  afterAll(async () => {
    await aws?.stop();
    await rm(folder, { recursive: true, force: true });
  });
  withEnvironment(() => ({ AWS_ENDPOINT_URL: aws.front.url }));
  return {
    JobName,
    get aws() {
      return aws;
    },
    get jar() {
      return join(folder, "spark.jar");
    },
    session(changes = {}) {
      const { accessKeyId, secretAccessKey, sessionToken = "" } = aws.identity;
      return sessionOf({
        region,
        credentials: async () => ({ accessKeyId, secretAccessKey, sessionToken }),
        ...changes,
      });
    },
    request(parameters = {}) {
      const whole = featuresRequest({ bucket, prefix, folder });
      const settings = { ...whole.settings, parameters: { ...whole.settings.parameters, ...parameters } };
      return { ...whole, settings };
    },
    async begin({ owner, run }) {
      const Arguments = {
        "--keyspace": "slow",
        "--table": "t",
        "--output": `s3://${bucket}/x`,
        "--made_for": owner,
        ...(run !== undefined && { "--run": run }),
      };
      const { JobRunId: id = "" } = await aws.glue.send(new StartJobRunCommand({ JobName, Arguments }));
      await untilIn(aws.glue, JobName, id, "RUNNING");
      const stop = async () => {
        await aws.glue.send(new BatchStopJobRunCommand({ JobName, JobRunIds: [id] }));
        await untilIn(aws.glue, JobName, id, "STOPPED");
      };
      return { id, stop };
    },
  };
}
