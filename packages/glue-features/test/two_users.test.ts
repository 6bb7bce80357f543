import { DeleteJobCommand, GetJobCommand, GetJobRunCommand, UpdateJobCommand } from "@aws-sdk/client-glue";
import { beforeEach, describe, expect, test } from "@jest/globals";
import type { StatusChange } from "@keyspaces-segmentation/aws-jobs";
import { deleteOwnObjects, uploadBytes } from "@keyspaces-segmentation/aws-session";
import { computeFeatures, findSparkJobs, removeFeatures } from "@keyspaces-segmentation/glue-features";
import { glueFeatures } from "../../../test/support/glue_features.js";

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
      outcome: `stay where an earlier run has made them; later: npm run cleanup -- --param bucket=${bucket} --param prefix=${prefix} --all`,
    },
  ]);
  expect(await removing({ engine: "node", cleanUp: true })).toEqual([]);
});
