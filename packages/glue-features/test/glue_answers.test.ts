import { describe, expect, test } from "@jest/globals";
import { endJob, type StatusChange } from "@keyspaces-segmentation/aws-jobs";
import { ensureJob } from "@keyspaces-segmentation/glue-features/dist/glue_job.js";
import { followed, runJob } from "@keyspaces-segmentation/glue-features/dist/glue_run.js";
import type { ScriptJob } from "@keyspaces-segmentation/glue-features/dist/script_job.js";
import { withEnvironment } from "../../../test/support/environment.js";
import { type ScriptedAnswer, startScriptedAws } from "../../../test/support/scripted_aws.js";
import { sessionOf } from "../../../test/support/session.js";

// What Glue answers where several are at work at once, and of runs that no stand-in can be brought to.

withEnvironment(() => ({}));

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
const asking = { job, given, unique: "--output", prepare: async () => job };
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
    return { result, sent: glue.sent, asked: glue.requests.map(({ operation }) => operation.replace("AWSGlue.", "")) };
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

describe("a stop that Glue refuses", () => {
  const ErrorDetail = { ErrorCode: "JobRunInvalidStateTransitionException", ErrorMessage: "not in this state" };
  const BatchStopJobRun: ScriptedAnswer[] = [[200, { Errors: [{ JobName: "job", JobRunId: "jr_1", ErrorDetail }] }]];
  const seen = (...states: string[]): ScriptedAnswer[] =>
    states.map((JobRunState) => [200, { JobRun: { Id: "jr_1", JobRunState } }]);
  const ending = (...states: string[]) =>
    answering({ BatchStopJobRun, GetJobRun: seen(...states) }, () => endJob(followed(sessionOf(), job, "jr_1")));

  test("as the run is being stopped already, comes to the same", async () => {
    const interrupt = new AbortController();
    const { result } = await answering(
      { StartJobRun: [[200, { JobRunId: "jr_1" }]], BatchStopJobRun, GetJobRun: seen("RUNNING", "STOPPING") },
      () => runJob(sessionOf(), asking, { onStatus: () => interrupt.abort(), signal: interrupt.signal }),
    );
    expect(result).toMatchObject({ hint: "It is being stopped." });
  });

  test("as the run is being stopped already, is followed by the wait for its end", async () => {
    const { result, asked } = await ending("STOPPING", "STOPPING", "STOPPED");
    expect(result).toBeUndefined();
    expect(asked).toEqual(["BatchStopJobRun", "GetJobRun", "GetJobRun", "GetJobRun"]);
  });

  test("as the run has ended, is none", async () => expect((await ending("SUCCEEDED")).result).toBeUndefined());

  test("while the run goes on, is told", async () => {
    const message = expect.stringMatching(/^Could not stop the Glue job job, run jr_1…: .*not in this state\.$/);
    expect((await ending("RUNNING")).result).toMatchObject({ message });
  });
});

const noKey = "The specified key does not exist. (Service: Amazon S3; Status Code: 404)";
test.each([
  [
    "of its files",
    `LAUNCH ERROR | Error downloading from S3 for bucket: b, key: jobs/1/a.py.${noKey}`,
    /^Somebody has/,
  ],
  [
    "of its script's",
    `NoSuchKey: An error occurred when calling the GetObject operation: ${noKey}`,
    /^Its log is in Clo/,
  ],
])("what to do about a run that fails, as one %s is missing", async (_, ErrorMessage, hint) => {
  const { result } = await answering(
    {
      StartJobRun: [[200, { JobRunId: "jr_1" }]],
      GetJobRun: [[200, { JobRun: { Id: "jr_1", JobRunState: "FAILED", ErrorMessage } }]],
    },
    () => runJob(sessionOf(), asking),
  );
  expect(result).toMatchObject({ hint: expect.stringMatching(hint) });
});

test("who may not see whose run is under way is told so", async () => {
  const { result } = await answering(
    {
      StartJobRun: [refused("ConcurrentRunsExceededException")],
      GetJobRuns: [[400, { __type: "AccessDeniedException", message: "not allowed" }]],
    },
    () => runJob(sessionOf(), asking),
  );
  expect(result).toMatchObject({
    message: "Could not start the Glue job job: AccessDeniedException: not allowed.",
    hint: expect.stringMatching(/^The signed-in identity needs .*glue:GetJobRuns .*spark_policy\.json\.$/),
  });
});

test("a run whose job had to be made once more, however long that took, is started with the files that there are then", async () => {
  const now = performance.now.bind(performance);
  const prepare = async () => {
    performance.now = () => now() + 3_600_000;
    return { ...job, script: "s3://b/newer.py", jars: ["s3://b/newer.jar"] };
  };
  const { sent } = await answering(
    {
      StartJobRun: [refused("EntityNotFoundException"), [200, { JobRunId: "jr_1" }]],
      GetJobRun: [[200, { JobRun: { Id: "jr_1", JobRunState: "SUCCEEDED" } }]],
    },
    () => runJob(sessionOf(), { ...asking, prepare }),
  );
  performance.now = now;
  const scripts = sent("AWSGlue.StartJobRun") as { Arguments: Record<string, string> }[];
  expect(scripts.map(({ Arguments: its }) => [its["--scriptLocation"], its["--extra-jars"]])).toEqual([
    ["s3://b/a.py", ""],
    ["s3://b/newer.py", "s3://b/newer.jar"],
  ]);
});
