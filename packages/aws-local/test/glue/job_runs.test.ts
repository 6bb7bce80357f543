import { existsSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  BatchStopJobRunCommand,
  CreateJobCommand,
  type CreateJobRequest,
  GetJobRunCommand,
  GetJobRunsCommand,
  type JobRun,
  StartJobRunCommand,
} from "@aws-sdk/client-glue";
import { CreateBucketCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type RunningAws, startAws } from "../../../../test/support/aws.js";
import { Bucket, FAKE_SPARK_SUBMIT, jobRequest, untilIn } from "../../../../test/support/glue_jobs.js";
import { processesLeftWith } from "../../../../test/support/processes.js";

let aws: RunningAws;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "glue-runs-"));
  const spark = { submit: FAKE_SPARK_SUBMIT, install: "", environment: () => ({ MARK: folder }) };
  aws = await startAws(20, { glue: { spark, minute: 500 } });
  await aws.s3.send(new CreateBucketCommand({ Bucket }));
});
afterAll(async () => {
  await aws?.stop();
  await rm(folder, { recursive: true, force: true });
});

let scripts = 0;
/** Stores a script and makes a job of it. */
async function jobOf(text: string, more: Partial<CreateJobRequest> = {}): Promise<string> {
  scripts += 1;
  const Key = `scripts/${scripts}/script.py`;
  await aws.s3.send(new PutObjectCommand({ Bucket, Key, Body: text }));
  const { Name } = await aws.glue.send(new CreateJobCommand(jobRequest(Key, more)));
  return Name!;
}

async function start(JobName: string, Arguments?: Record<string, string>): Promise<string> {
  return (await aws.glue.send(new StartJobRunCommand({ JobName, Arguments }))).JobRunId!;
}

/** Runs a script to its end. */
async function run(text: string, Arguments?: Record<string, string>): Promise<JobRun> {
  const job = await jobOf(text);
  return untilIn(aws.glue, job, await start(job, Arguments));
}

/** What a run has printed, as CloudWatch Logs have it. */
async function logOf({ Id }: JobRun, group: string): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${aws.moto.port}/`, {
    method: "POST",
    headers: {
      "content-type": "application/x-amz-json-1.1",
      "x-amz-target": "Logs_20140328.GetLogEvents",
      authorization:
        "AWS4-HMAC-SHA256 Credential=x/20200101/eu-west-1/logs/aws4_request, SignedHeaders=host, Signature=0",
    },
    body: JSON.stringify({ logGroupName: `/aws-glue/jobs/${group}`, logStreamName: Id, startFromHead: true }),
  });
  const { events } = (await response.json()) as { events: { message: string }[] };
  return events.map(({ message }) => message).join("\n");
}

describe("a run", () => {
  test("goes from STARTING over RUNNING to SUCCEEDED, with its script's files, arguments, credentials and log", async () => {
    for (const [Key, Body] of [
      ["lib/a.jar", "jar a"],
      ["lib/b.jar", "jar b"],
      ["lib/helper.py", "WORD = 'helped'\n"],
      ["lib/driver.conf", "hello"],
    ] as const) {
      await aws.s3.send(new PutObjectCommand({ Bucket, Key, Body }));
    }
    const job = await jobOf(
      [
        "import json, os, sys",
        "print(json.dumps({'argv': sys.argv[1:], 'conf': open('driver.conf').read()}))",
        "print(os.environ['AWS_ENDPOINT_URL'], len(os.environ['AWS_SESSION_TOKEN']) > 0, os.environ['AWS_REGION'])",
        "print('to the log', file=sys.stderr)",
        `while not os.path.exists(${JSON.stringify(join(folder, "go"))}): pass`,
      ].join("\n"),
      { DefaultArguments: { "--a": "default", "--b": "default" }, NonOverridableArguments: { "--c": "fixed" } },
    );
    const uri = (name: string) => `s3://${Bucket}/lib/${name}`;
    const given = {
      "--a": "own",
      "--c": "own",
      "--extra-jars": `${uri("a.jar")},${uri("b.jar")}`,
      "--extra-py-files": uri("helper.py"),
      "--extra-files": uri("driver.conf"),
      "--conf": "spark.x=1 --conf spark.y=2",
    };
    const { JobRunId: id } = await aws.glue.send(
      new StartJobRunCommand({ JobName: job, Arguments: given, WorkerType: "G.2X", NumberOfWorkers: 3, Timeout: 600 }),
    );
    expect(id).toMatch(/^jr_[0-9a-f]{64}$/);
    const running = await untilIn(aws.glue, job, id!, "RUNNING");
    expect(running).toMatchObject({ JobRunState: "RUNNING", Timeout: 600, WorkerType: "G.2X", NumberOfWorkers: 3 });
    expect(running.CompletedOn).toBeUndefined();
    await aws.glue.send(new StartJobRunCommand({ JobName: job })).then(
      () => expect("a second run").toBe("refused"),
      (error) =>
        expect(error).toMatchObject({
          name: "ConcurrentRunsExceededException",
          message: `Concurrent runs exceeded for ${job}`,
        }),
    );
    writeFileSync(join(folder, "go"), "");
    const over = await untilIn(aws.glue, job, id!);
    expect(over).toMatchObject({
      Id: id,
      JobName: job,
      JobRunState: "SUCCEEDED",
      Arguments: given,
      GlueVersion: "5.1",
      MaxCapacity: 6,
      LogGroupName: "/aws-glue/jobs",
      CompletedOn: expect.any(Date),
    });
    expect(over.ErrorMessage).toBeUndefined();

    const [called, printed, surroundings] = (await logOf(over, "output")).split("\n");
    expect(called).toMatch(
      /^spark-submit --master local\[2\] .*--jars \S+\/a\.jar,\S+\/b\.jar --py-files \S+\/helper\.py/,
    );
    expect(called).toContain("--conf spark.x=1 --conf spark.y=2 ");
    const { argv, conf } = JSON.parse(printed!) as { argv: string[]; conf: string };
    expect(conf).toBe("hello");
    const pairs = Object.fromEntries(argv.flatMap((name, i) => (i % 2 ? [] : [[name, argv[i + 1]]])));
    expect(pairs).toMatchObject({
      "--JOB_NAME": job,
      "--JOB_RUN_ID": id,
      "--a": "own",
      "--b": "default",
      "--c": "fixed",
      "--extra-jars": given["--extra-jars"],
    });
    expect(surroundings).toBe(`${aws.front.url} True eu-west-1`);
    expect(await logOf(over, "error")).toBe("to the log");
    expect((await aws.glue.send(new GetJobRunsCommand({ JobName: job }))).JobRuns).toEqual([over]);
  });

  test.each([
    [
      "print(1)\nraise ValueError('no such thing')",
      "Error Category: UNCLASSIFIED_ERROR; Failed Line Number: 2; ValueError: no such thing",
    ],
    [
      "import no_such_module",
      "Error Category: IMPORT_ERROR; Failed Line Number: 1; ModuleNotFoundError: No module named 'no_such_module'",
    ],
    ["import sys\nsys.exit('features failed: tried X: got Y')", "SystemExit: features failed: tried X: got Y"],
    ["import sys\nsys.exit(0)", "SystemExit: 0"],
    [
      "import argparse\np = argparse.ArgumentParser()\np.add_argument('--table', required=True)\np.parse_known_args()",
      "SystemExit: 2",
    ],
    ["import os\nos._exit(7)", "Command failed with exit code 7"],
    // As a shell says it of what was killed.
    ["import os\nos.kill(os.getpid(), 9)", "Command failed with exit code 137"],
  ])("that ends by %j FAILS with the last line", async (text, message) => {
    expect(await run(text)).toMatchObject({ JobRunState: "FAILED", ErrorMessage: message });
  });

  test("that is killed leaves nothing that goes on", async () => {
    const text =
      "import os, subprocess, sys\nsubprocess.Popen([sys.executable, '-c', 'import time; time.sleep(300)'])\nos.kill(os.getpid(), 9)";
    expect(await run(text)).toMatchObject({ JobRunState: "FAILED" });
    expect(await processesLeftWith(`MARK=${folder}`)).toEqual([]);
  });

  test("FAILS where script or jars are not in S3", async () => {
    const { Name } = await aws.glue.send(new CreateJobCommand(jobRequest("scripts/none.py")));
    const missing = await untilIn(aws.glue, Name!, await start(Name!));
    expect(missing).toMatchObject({ JobRunState: "FAILED", ExecutionTime: 0 });
    expect(missing.ErrorMessage).toBe(
      `LAUNCH ERROR | Error downloading from S3 for bucket: ${Bucket}, key: scripts/none.py.The specified key does not exist. ` +
        "(Service: Amazon S3; Status Code: 404; Please refer logs for details.",
    );
    const jar = await run("print(1)", { "--extra-jars": `s3://${Bucket}/none.jar` });
    expect(jar.ErrorMessage).toContain(`bucket: ${Bucket}, key: none.jar.The specified key does not exist.`);
  });

  test("has the script that it is given in the place of its job's, as each run may", async () => {
    const job = await jobOf("raise ValueError('the job\\'s own')");
    const Key = "scripts/other/other.py";
    await aws.s3.send(new PutObjectCommand({ Bucket, Key, Body: "print('the run\\'s own')" }));
    const own = await untilIn(aws.glue, job, await start(job, { "--scriptLocation": `s3://${Bucket}/${Key}` }));
    expect(own.JobRunState).toBe("SUCCEEDED");
    expect(await logOf(own, "output")).toContain("\nthe run's own");
    expect((await untilIn(aws.glue, job, await start(job))).ErrorMessage).toContain("the job's own");
  });

  test("that takes longer than its timeout ends as TIMEOUT, and nothing of it is left", async () => {
    const job = await jobOf("import subprocess\nsubprocess.run(['sleep', '600'])", { Timeout: 1 });
    expect(await untilIn(aws.glue, job, await start(job))).toMatchObject({ JobRunState: "TIMEOUT", Timeout: 1 });
    expect(await processesLeftWith(`MARK=${folder}`)).toEqual([]);
  });

  test("that is stopped ends as STOPPED, even one that does not listen, and nothing of it is left", async () => {
    const ready = join(folder, "deaf");
    const text = `import signal, subprocess\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\nopen(${JSON.stringify(ready)}, 'w')\nsubprocess.run(['sleep', '600'])`;
    const JobName = await jobOf(text, { Timeout: 600 });
    const id = await start(JobName);
    await untilIn(aws.glue, JobName, id, "RUNNING");
    while (!existsSync(ready)) await new Promise((resolve) => setTimeout(resolve, 20));
    const stop = () => aws.glue.send(new BatchStopJobRunCommand({ JobName, JobRunIds: [id, "jr_0"] }));
    expect(await stop()).toMatchObject({
      SuccessfulSubmissions: [{ JobName, JobRunId: id }],
      Errors: [{ JobRunId: "jr_0", ErrorDetail: { ErrorCode: "JobRunNotFoundException" } }],
    });
    const { JobRun: stopping } = await aws.glue.send(new GetJobRunCommand({ JobName, RunId: id }));
    expect(stopping?.JobRunState).toBe("STOPPING");
    expect((await untilIn(aws.glue, JobName, id)).JobRunState).toBe("STOPPED");
    expect((await stop()).Errors?.[0]?.ErrorDetail?.ErrorCode).toBe("JobRunInTerminalStateException");
    expect(await processesLeftWith(`MARK=${folder}`)).toEqual([]);
  });

  test("of a job that is not there is refused", async () => {
    await expect(start("no-such-job")).rejects.toMatchObject({
      name: "EntityNotFoundException",
      message: "Failed to start job run due to missing metadata",
    });
  });
});

test("what runs of an account may come to together is limited: DPUs of those that run, and how many are under way", async () => {
  const spark = { submit: FAKE_SPARK_SUBMIT, install: "" };
  const small = await startAws(20, { glue: { spark, quotas: { dpus: 5, runs: 2 } } });
  try {
    await small.s3.send(new CreateBucketCommand({ Bucket }));
    const Body = "import time\ntime.sleep(600)";
    await small.s3.send(new PutObjectCommand({ Bucket, Key: "slow.py", Body }));
    const begin = async (NumberOfWorkers: number, ...states: string[]) => {
      const { Name: JobName } = await small.glue.send(new CreateJobCommand(jobRequest("slow.py", { NumberOfWorkers })));
      const { JobRunId } = await small.glue.send(new StartJobRunCommand({ JobName }));
      const { JobRunState, ErrorMessage, ExecutionTime } = await untilIn(small.glue, JobName!, JobRunId!, ...states);
      const stop = async () => {
        await small.glue.send(new BatchStopJobRunCommand({ JobName, JobRunIds: [JobRunId!] }));
        await untilIn(small.glue, JobName!, JobRunId!);
      };
      return { run: { JobRunState, ErrorMessage, ExecutionTime }, stop };
    };
    const tooMany = {
      JobRunState: "FAILED",
      ErrorMessage: "Exceeded maximum concurrent compute capacity",
      ExecutionTime: 0,
    };
    expect((await begin(6)).run).toEqual(tooMany);
    const first = await begin(2, "RUNNING");
    expect(first.run.JobRunState).toBe("RUNNING");
    expect((await begin(4)).run).toEqual(tooMany);
    expect((await begin(3, "RUNNING")).run.JobRunState).toBe("RUNNING");
    await expect(begin(2)).rejects.toMatchObject({ name: "ResourceNumberLimitExceededException" });
    await first.stop();
    expect((await begin(2, "RUNNING")).run.JobRunState).toBe("RUNNING");
  } finally {
    await small.stop();
  }
});

test.each(["--scriptLocation", "--extra-jars", "--extra-py-files", "--extra-files"])(
  "a run with a %s that is no object's path is refused",
  async (name) => {
    const job = await jobOf("print(1)");
    await expect(start(job, { [name]: "s3://" })).rejects.toMatchObject({
      name: "NotEmulatedException",
      message: "The path 's3://', which is no s3://BUCKET/KEY, is not emulated.",
    });
    if (name !== "--scriptLocation")
      await expect(start(job, { [name]: `s3://${Bucket}/a.jar, s3://${Bucket}/` })).rejects.toThrow(
        `'s3://${Bucket}/'`,
      );
  },
);

test("without Spark a run FAILS and says how to get it", async () => {
  const bare = await startAws(20, { glue: { spark: { submit: undefined, install: "run node setup.mjs --spark" } } });
  try {
    await bare.s3.send(new CreateBucketCommand({ Bucket: "bare" }));
    await bare.s3.send(new PutObjectCommand({ Bucket: "bare", Key: "script.py", Body: "print(1)" }));
    const Command = { Name: "glueetl", ScriptLocation: "s3://bare/script.py" };
    const { Name } = await bare.glue.send(new CreateJobCommand(jobRequest("", { Command })));
    const { JobRunId } = await bare.glue.send(new StartJobRunCommand({ JobName: Name }));
    expect(await untilIn(bare.glue, Name!, JobRunId!)).toMatchObject({
      JobRunState: "FAILED",
      ErrorMessage: expect.stringMatching(
        /^LAUNCH ERROR \| Apache Spark is not installed .*: run node setup\.mjs --spark$/,
      ),
    });
  } finally {
    await bare.stop();
  }
});
