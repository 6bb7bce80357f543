import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  BatchStopJobRunCommand,
  DeleteJobCommand,
  GetJobCommand,
  GetJobRunCommand,
  StartJobRunCommand,
  UpdateJobCommand,
} from "@aws-sdk/client-glue";
import { CreateBucketCommand } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import type { StatusChange } from "@keyspaces-segmentation/aws-jobs";
import { uploadBytes } from "@keyspaces-segmentation/aws-session";
import {
  computeFeatures,
  type FeaturesRequest,
  type FeaturesSettings,
  findSparkJobs,
  removeFeatures,
} from "@keyspaces-segmentation/glue-features";
import { ensureJob } from "@keyspaces-segmentation/glue-features/dist/glue_job.js";
import { runJob } from "@keyspaces-segmentation/glue-features/dist/glue_run.js";
import { jobNameFor, type ScriptJob } from "@keyspaces-segmentation/glue-features/dist/script_job.js";
import { type RunningAws, region, startAws } from "../../../test/support/aws.js";
import { withEnvironment } from "../../../test/support/environment.js";
import { fakeSpark, featuresRequest, untilIn } from "../../../test/support/glue_jobs.js";
import { type ScriptedAnswer, startScriptedAws } from "../../../test/support/scripted_aws.js";
import { sessionOf } from "../../../test/support/session.js";

// Two notebooks on one prefix have one job of each kind.

const bucket = "two-users";
const prefix = "segmentation";
const JobName = jobNameFor({ kind: "features", bucket, prefix });
const joe = "arn:aws:sts::123456789012:assumed-role/Notebook/joe";

let aws: RunningAws;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "two-users-"));
  await writeFile(join(folder, "spark.jar"), "a jar");
  aws = await startAws(20, { glue: { spark: fakeSpark } });
  await aws.s3.send(new CreateBucketCommand({ Bucket: bucket }));
});
afterAll(async () => {
  await aws?.stop();
  await rm(folder, { recursive: true, force: true });
});
withEnvironment(() => ({ AWS_ENDPOINT_URL: aws.front.url }));

const session = () => {
  const { accessKeyId, secretAccessKey, sessionToken = "" } = aws.identity;
  return sessionOf({
    region,
    run: "2026-11-30-08-00-00-000",
    credentials: async () => ({ accessKeyId, secretAccessKey, sessionToken }),
  });
};
const request = (parameters: Partial<FeaturesSettings["parameters"]> = {}): FeaturesRequest => {
  const whole = featuresRequest({ bucket, prefix, folder });
  return { ...whole, settings: { ...whole.settings, parameters: { ...whole.settings.parameters, ...parameters } } };
};
const removing = (more: { engine: "node" | "spark"; cleanUp: boolean; keyspace?: string }) =>
  removeFeatures(session(), { bucket, parameters: { keyspace: "blog", table: "online_retail", prefix, ...more } });

describe("while a run of somebody else is under way", () => {
  let theirs: string;
  beforeEach(async () => {
    await computeFeatures(session(), request());
    const Arguments = { "--keyspace": "slow", "--table": "t", "--output": `s3://${bucket}/x`, "--made_for": joe };
    const { JobRunId } = await aws.glue.send(new StartJobRunCommand({ JobName, Arguments }));
    theirs = JobRunId!;
    await untilIn(aws.glue, JobName, theirs, "RUNNING");
  });
  const stopTheirs = () => aws.glue.send(new BatchStopJobRunCommand({ JobName, JobRunIds: [theirs] }));

  test("a clean-up lets its job stay, and says why; afterwards it goes", async () => {
    const [features, clusters] = await removing({ engine: "spark", cleanUp: true });
    expect(features).toEqual({
      what: `Glue job ${JobName}`,
      outcome: `stays, a run of ${joe} on the keyspace slow is under way`,
    });
    expect(clusters?.outcome).toBe("was not there");
    expect((await aws.glue.send(new GetJobRunCommand({ JobName, RunId: theirs }))).JobRun?.JobRunState).toBe("RUNNING");
    const [found] = await findSparkJobs(session(), { bucket, prefix });
    await expect(found!.remove()).rejects.toThrow("it stays, a run of");
    await stopTheirs();
    await untilIn(aws.glue, JobName, theirs, "STOPPED");
    expect((await removing({ engine: "spark", cleanUp: true }))[0]?.outcome).toBe("deleted");
  });

  test("one's own waits, says for whom, and is interrupted at once", async () => {
    const interrupt = new AbortController();
    const told: string[] = [];
    const onStatus = ({ secondaryStatus, message }: StatusChange) => {
      told.push(`${secondaryStatus}: ${message}`);
      interrupt.abort();
    };
    const waiting = computeFeatures(session(), request(), { onStatus, signal: interrupt.signal });
    await expect(waiting).rejects.toMatchObject({
      message: `Could not start the Glue job ${JobName}: it was interrupted.`,
      hint: expect.stringMatching(/^One run of the job goes on at a time\..* `prefix`/),
    });
    expect(told).toEqual([`WAITING: Waiting: a run of ${joe} on the keyspace slow is under way`]);
    await stopTheirs();
    await untilIn(aws.glue, JobName, theirs, "STOPPED");
  });

  test("and the job is changed for it, one's own run still has its own workers and time", async () => {
    const other = { WorkerType: "G.2X", NumberOfWorkers: 3, Timeout: 44 } as const;
    let changed: Promise<unknown> | undefined;
    const onStatus = ({ secondaryStatus }: StatusChange) => {
      if (secondaryStatus !== "WAITING") return;
      changed ??= aws.glue.send(new GetJobCommand({ JobName })).then(async ({ Job: job }) => {
        const { Description, Role, Command, GlueVersion } = job!;
        const JobUpdate = { Description, Role, Command, GlueVersion, DefaultArguments: job!.DefaultArguments };
        await aws.glue.send(new UpdateJobCommand({ JobName, JobUpdate: { ...JobUpdate, ...other } }));
        await stopTheirs();
      });
    };
    const asked = request({ sparkWorkers: 9, sparkTimeoutMinutes: 33 });
    const { run } = await computeFeatures(session(), asked, { onStatus });
    await changed;
    const { JobRun } = await aws.glue.send(new GetJobRunCommand({ JobName, RunId: run }));
    expect(JobRun).toMatchObject({ WorkerType: "G.1X", NumberOfWorkers: 9, Timeout: 33 });
  });

  test("and the job is deleted, it is made again", async () => {
    let deleted: Promise<unknown> | undefined;
    const onStatus = ({ secondaryStatus }: StatusChange) => {
      if (secondaryStatus === "WAITING") deleted ??= aws.glue.send(new DeleteJobCommand({ JobName }));
    };
    expect((await computeFeatures(session(), request(), { onStatus })).lines).toBe(12);
    await deleted;
  });
});

test("a run without Spark removes what an earlier one with it has left of customers, and says where the jobs are", async () => {
  const nothing = await removing({ engine: "node", cleanUp: true, keyspace: "never" });
  expect(nothing).toEqual([]);
  const { uri } = await computeFeatures(session(), request());
  const key = `${uri.slice(`s3://${bucket}/`.length)}/mine.csv`;
  await uploadBytes(session(), { bucket, key }, "a customer");
  expect(await removing({ engine: "node", cleanUp: false })).toEqual([]);
  expect(await removing({ engine: "node", cleanUp: true })).toEqual([
    {
      what: `features in s3://${bucket}/${prefix}/features/blog.online_retail/`,
      outcome: expect.stringMatching(/^[1-9]\d* deleted/),
    },
    {
      what: expect.stringMatching(
        /^Glue job customer-segmentation-features-\w+, Glue job .*, scripts and jar in .*\/jobs\/$/,
      ),
      outcome: "stay where an earlier run has made them; later: npm run cleanup -- --all",
    },
  ]);
  expect(await removing({ engine: "node", cleanUp: true })).toEqual([]);
});

describe("what Glue answers to two at once", () => {
  const job: ScriptJob = {
    name: "job",
    script: "s3://b/a.py",
    modules: [],
    jars: [],
    role: "arn:aws:iam::123456789012:role/Features",
    workerType: "G.1X",
    workers: 2,
    timeoutMinutes: 10,
  };
  const refused = (name: string): ScriptedAnswer => [400, { __type: name, message: "at once" }];
  /** Works against a Glue that gives these answers to each operation, the last of them again and again. @returns the operations asked for */
  async function answering<T>(answers: Record<string, ScriptedAnswer[]>, work: () => Promise<T>) {
    const glue = await startScriptedAws(({ operation }) => {
      const left = answers[operation.replace("AWSGlue.", "")] ?? [];
      return (left.length > 1 ? left.shift() : left[0]) ?? refused("UnknownOperationException");
    });
    process.env.AWS_ENDPOINT_URL = glue.url;
    try {
      const result = await work().catch((error: Error) => error);
      return { result, asked: glue.requests.map(({ operation }) => operation.replace("AWSGlue.", "")) };
    } finally {
      await glue.stop();
    }
  }
  const theirs: ScriptedAnswer = [200, { Job: { Name: "job", Description: "Made by keyspaces-segmentation: …" } }];

  test.each(["AlreadyExistsException", "IdempotentParameterMismatchException"])(
    "%s: the other's job is looked at, and changed once the other has",
    async (name) => {
      const { result, asked } = await answering(
        {
          GetJob: [refused("EntityNotFoundException"), theirs],
          CreateJob: [refused("ConcurrentModificationException"), refused(name)],
          UpdateJob: [refused("ConcurrentModificationException"), [200, { JobName: "job" }]],
        },
        () => ensureJob(sessionOf(), job),
      );
      expect(result).toBe("changed");
      expect(asked).toEqual(["GetJob", "CreateJob", "CreateJob", "GetJob", "UpdateJob", "UpdateJob"]);
    },
  );

  test("a role that may not tag makes the job without a tag", async () => {
    const message = "User: … is not authorized to perform: glue:TagResource on resource: …";
    const denied: ScriptedAnswer = [400, { __type: "AccessDeniedException", message }];
    const { result, asked } = await answering(
      { GetJob: [refused("EntityNotFoundException")], CreateJob: [denied, [200, { Name: "job" }]] },
      () => ensureJob(sessionOf(), job),
    );
    expect([result, asked]).toEqual(["created", ["GetJob", "CreateJob", "CreateJob"]]);
  });

  test("a role that may not tag finds the job that the other has made meanwhile", async () => {
    const message = "User: … is not authorized to perform: glue:TagResource on resource: …";
    const denied: ScriptedAnswer = [400, { __type: "AccessDeniedException", message }];
    const { result, asked } = await answering(
      {
        GetJob: [refused("EntityNotFoundException"), theirs],
        CreateJob: [denied, refused("AlreadyExistsException"), denied],
        UpdateJob: [[200, { JobName: "job" }]],
      },
      () => ensureJob(sessionOf(), job),
    );
    expect([result, asked]).toEqual(["changed", ["GetJob", "CreateJob", "CreateJob", "GetJob", "UpdateJob"]]);
  });

  test("an interruption while the answer to a start is lost stops the run that it has begun", async () => {
    const interrupt = new AbortController();
    const given = { "--output": "s3://b/mine" };
    const lost: ScriptedAnswer = [500, { __type: "InternalServiceException", message: "lost" }];
    const run = { Id: "jr_mine", Arguments: given, JobRunState: "STOPPED" };
    const { result, asked } = await answering(
      {
        StartJobRun: [lost],
        GetJobRuns: [[200, { JobRuns: [run] }]],
        GetJobRun: [[200, { JobRun: run }]],
        BatchStopJobRun: [[200, {}]],
      },
      () => {
        setTimeout(() => interrupt.abort(), 100);
        return runJob(sessionOf(), job, given, "--output", { signal: interrupt.signal });
      },
    );
    expect(result).toBeInstanceOf(Error);
    expect(asked).toEqual(expect.arrayContaining(["StartJobRun", "GetJobRuns", "BatchStopJobRun"]));
  });
});
