import { DeleteJobCommand, GetJobCommand, GetJobRunCommand, UpdateJobCommand } from "@aws-sdk/client-glue";
import { beforeEach, describe, expect, test } from "@jest/globals";
import type { StatusChange } from "@keyspaces-segmentation/aws-jobs";
import { deleteOwnObjects, uploadBytes } from "@keyspaces-segmentation/aws-session";
import { computeFeatures, findSparkJobs, removeFeatures } from "@keyspaces-segmentation/glue-features";
import { ensureJob } from "@keyspaces-segmentation/glue-features/dist/glue_job.js";
import { runJob } from "@keyspaces-segmentation/glue-features/dist/glue_run.js";
import type { ScriptJob } from "@keyspaces-segmentation/glue-features/dist/script_job.js";
import { glueFeatures } from "../../../test/support/glue_features.js";
import { type ScriptedAnswer, startScriptedAws } from "../../../test/support/scripted_aws.js";
import { sessionOf } from "../../../test/support/session.js";

// Two notebooks on one prefix have one job of each kind.

const bucket = "two-users";
const prefix = "segmentation";
const joe = "arn:aws:sts::123456789012:assumed-role/Notebook/joe";

const world = glueFeatures({ bucket, prefix });
const { request, JobName } = world;
const session = () => world.session({ run: "2026-11-30-08-00-00-000" });
const glue = () => world.aws.glue;
const removing = (more: { engine: "node" | "spark"; cleanUp: boolean; keyspace?: string }) =>
  removeFeatures(session(), { bucket, parameters: { keyspace: "blog", table: "online_retail", prefix, ...more } });

describe("while a run of somebody else is under way", () => {
  let theirs: string;
  let stopTheirs: () => Promise<unknown>;
  beforeEach(async () => {
    await computeFeatures(session(), request());
    ({ id: theirs, stop: stopTheirs } = await world.begin({ owner: joe }));
  });

  test("a clean-up lets its job stay, and says why; afterwards it goes", async () => {
    const [features, clusters] = await removing({ engine: "spark", cleanUp: true });
    expect(features).toEqual({
      what: `Glue job ${JobName}`,
      outcome: `stays, a run of ${joe} on the keyspace slow is under way`,
    });
    expect(clusters?.outcome).toBe("was not there");
    expect((await glue().send(new GetJobRunCommand({ JobName, RunId: theirs }))).JobRun?.JobRunState).toBe("RUNNING");
    const [found] = await findSparkJobs(session(), { bucket, prefix });
    await expect(found!.remove()).rejects.toThrow("it stays, a run of");
    await stopTheirs();
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
      hint: expect.stringMatching(
        new RegExp(
          `^One run of the job goes on at a time, and a run of ${joe} on the keyspace slow is under way\\. .* \`prefix\``,
        ),
      ),
    });
    expect(told).toEqual([`WAITING: Waiting: a run of ${joe} on the keyspace slow is under way`]);
    await stopTheirs();
  });

  test("and the job is changed for it, one's own run still has its own workers and time", async () => {
    const other = { WorkerType: "G.2X", NumberOfWorkers: 3, Timeout: 44 } as const;
    let changed: Promise<unknown> | undefined;
    const onStatus = ({ secondaryStatus }: StatusChange) => {
      if (secondaryStatus !== "WAITING") return;
      changed ??= glue()
        .send(new GetJobCommand({ JobName }))
        .then(async ({ Job: job }) => {
          const { Description, Role, Command, GlueVersion } = job!;
          const JobUpdate = { Description, Role, Command, GlueVersion, DefaultArguments: job!.DefaultArguments };
          await glue().send(new UpdateJobCommand({ JobName, JobUpdate: { ...JobUpdate, ...other } }));
          await stopTheirs();
        });
    };
    const asked = request({ sparkWorkers: 9, sparkTimeoutMinutes: 33 });
    const { run } = await computeFeatures(session(), asked, { onStatus });
    await changed;
    const { JobRun } = await glue().send(new GetJobRunCommand({ JobName, RunId: run }));
    expect(JobRun).toMatchObject({ WorkerType: "G.1X", NumberOfWorkers: 9, Timeout: 33 });
  });

  test("and job and files are deleted, they are made and sent again", async () => {
    let deleted: Promise<unknown> | undefined;
    const onStatus = ({ secondaryStatus }: StatusChange) => {
      if (secondaryStatus !== "WAITING") return;
      deleted ??= deleteOwnObjects(session(), { bucket, prefix: `${prefix}/jobs/` }).then(() =>
        glue().send(new DeleteJobCommand({ JobName })),
      );
    };
    expect((await computeFeatures(session(), request(), { onStatus })).lines).toBe(12);
    await deleted;
  });

  test("and the job is changed to another version's files, one's own run still reads its own", async () => {
    const other = `s3://${bucket}/${prefix}/jobs/other/spark.jar`;
    const DefaultArguments = { "--extra-jars": other, "--extra-py-files": other };
    let changed: Promise<unknown> | undefined;
    const onStatus = ({ secondaryStatus }: StatusChange) => {
      if (secondaryStatus !== "WAITING") return;
      changed ??= glue()
        .send(new GetJobCommand({ JobName }))
        .then(async ({ Job: job }) => {
          const { Description, Role, GlueVersion } = job!;
          const Command = { ...job!.Command, ScriptLocation: `s3://${bucket}/${prefix}/jobs/other/rfm_features.py` };
          const JobUpdate = { Description, Role, Command, GlueVersion, DefaultArguments };
          await glue().send(new UpdateJobCommand({ JobName, JobUpdate }));
          await stopTheirs();
        });
    };
    const { run } = await computeFeatures(session(), request(), { onStatus });
    await changed;
    const { JobRun } = await glue().send(new GetJobRunCommand({ JobName, RunId: run }));
    expect(Object.values(JobRun?.Arguments ?? {}).join()).not.toContain("jobs/other/");
    expect(JobRun?.Arguments).toMatchObject({
      "--scriptLocation": expect.stringMatching(/\/jobs\/[0-9a-f]{16}\/rfm_features\.py$/),
      "--extra-jars": expect.stringMatching(/\/jobs\/[0-9a-f]{16}\/spark\.jar$/),
    });
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
  const given = { "--output": "s3://b/mine" };
  const asking = { job, given, unique: "--output", prepare: async () => undefined };
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

  test.each([
    ["STOPPING", "mine", "jane", "this notebook's own run on the keyspace blog is still being stopped"],
    ["RUNNING", "other", "jane", "another run of yours on the keyspace blog is under way"],
    ["WAITING", "other", "joe", "a run of joe on the keyspace blog is under way"],
  ])("whose the run is that is %s, and has to be waited for: %s of %s", async (JobRunState, run, owner, words) => {
    const interrupt = new AbortController();
    const told: string[] = [];
    const Arguments = { "--run": run, "--made_for": owner, "--keyspace": "blog" };
    await answering(
      {
        StartJobRun: [refused("ConcurrentRunsExceededException")],
        GetJobRuns: [[200, { JobRuns: [{ Id: "jr_1", JobRunState, Arguments }] }]],
      },
      () => {
        const onStatus = ({ message }: StatusChange) => {
          told.push(message);
          interrupt.abort();
        };
        return runJob(sessionOf({ run: "mine", arn: "jane" }), asking, { onStatus, signal: interrupt.signal });
      },
    );
    expect(told).toEqual([`Waiting: ${words}`]);
  });

  test.each([
    ["ERROR", { ErrorMessage: "out of disk" }, "it failed: out of disk."],
    ["EXPIRED", { StateDetail: "It has waited for too long" }, "it failed: It has waited for too long."],
    ["EXPIRED", {}, "it failed: Glue gives no reason for the state EXPIRED."],
    ["STOPPED", {}, "it ended as Stopped (STOPPED)."],
  ])("a run that waits and then is %s has come to its end", async (JobRunState, more, got) => {
    const told: string[] = [];
    const { result } = await answering(
      {
        StartJobRun: [[200, { JobRunId: "jr_1" }]],
        GetJobRun: [
          [200, { JobRun: { Id: "jr_1", JobRunState: "WAITING" } }],
          [200, { JobRun: { Id: "jr_1", JobRunState, ...more } }],
        ],
      },
      () => runJob(sessionOf(), asking, { onStatus: ({ message }) => told.push(message) }),
    );
    expect(told[0]).toBe("Waiting for resources");
    expect(result).toMatchObject({ message: `Could not complete the Glue job job, run jr_1…: ${got}` });
  });

  test("what Glue answers to a stop of each run is looked at, and it is asked again", async () => {
    const interrupt = new AbortController();
    const run = (JobRunState: string): ScriptedAnswer => [200, { JobRun: { Id: "jr_1", JobRunState } }];
    const ErrorDetail = { ErrorCode: "InternalServiceException", ErrorMessage: "not now" };
    const { result, asked } = await answering(
      {
        StartJobRun: [[200, { JobRunId: "jr_1" }]],
        GetJobRun: [run("RUNNING"), run("STOPPING")],
        BatchStopJobRun: [
          [200, { Errors: [{ JobName: "job", JobRunId: "jr_1", ErrorDetail }] }],
          [200, {}],
        ],
      },
      () => runJob(sessionOf(), asking, { onStatus: () => interrupt.abort(), signal: interrupt.signal }),
    );
    expect(result).toMatchObject({ hint: "It is being stopped." });
    expect(asked.filter((operation) => operation === "BatchStopJobRun")).toHaveLength(2);
  });

  test("an interruption while the answer to a start is lost stops the run that it has begun", async () => {
    const interrupt = new AbortController();
    const lost: ScriptedAnswer = [500, { __type: "InternalServiceException", message: "lost" }];
    const run = { Id: "jr_mine", Arguments: asking.given, JobRunState: "STOPPED" };
    const { result, asked } = await answering(
      {
        StartJobRun: [lost],
        GetJobRuns: [[200, { JobRuns: [run] }]],
        GetJobRun: [[200, { JobRun: run }]],
        BatchStopJobRun: [[200, {}]],
      },
      () => {
        setTimeout(() => interrupt.abort(), 100);
        return runJob(sessionOf(), asking, { signal: interrupt.signal });
      },
    );
    expect(result).toBeInstanceOf(Error);
    expect(asked).toEqual(expect.arrayContaining(["StartJobRun", "GetJobRuns", "BatchStopJobRun"]));
  });
});
