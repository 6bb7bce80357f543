import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { CreateBucketCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { PYTHON } from "@keyspaces-segmentation/local-support";
import { type RunningAws, region, startAws } from "../../../../test/support/aws.js";
import { Bucket, FAKE_SPARK_SUBMIT } from "../../../../test/support/glue_jobs.js";

// The same Glue by botocore, whose own model says what operations take, give back and throw.

let aws: RunningAws;
beforeAll(async () => {
  aws = await startAws(50, { glue: { spark: { submit: FAKE_SPARK_SUBMIT, install: "" }, quotas: { runs: 4 } } });
  await aws.s3.send(new CreateBucketCommand({ Bucket }));
  const scripts = { "quick.py": "print(1)", "slow.py": "import time\ntime.sleep(600)" };
  for (const [Key, Body] of Object.entries(scripts)) await aws.s3.send(new PutObjectCommand({ Bucket, Key, Body }));
});
afterAll(() => aws?.stop());

/** Lines of Python after which `seen` is what they have seen. */
async function seenBy(lines: string): Promise<unknown> {
  const script = `import boto3, botocore.exceptions, json, time
glue = boto3.client("glue")
seen = []
def tried(work):
    """What came of it: the answer, or whether the model knows the error for the operation, and what it is."""
    try: return work()
    except botocore.exceptions.ClientError as error:
        modelled = {shape.name for shape in glue.meta.service_model.operation_model(error.operation_name).error_shapes}
        code = error.response["Error"]["Code"]
        return [code, code in modelled, error.response["Error"]["Message"], error.response["ResponseMetadata"]["HTTPStatusCode"]]
def definition(script, **more):
    return {"Role": "arn:aws:iam::123456789012:role/Features", "GlueVersion": "5.1", "WorkerType": "G.1X", "NumberOfWorkers": 2,
            "Command": {"Name": "glueetl", "ScriptLocation": "s3://${Bucket}/" + script, "PythonVersion": "3"}, **more}
def states(job, run, until):
    """The states that a run goes through."""
    found = []
    while not found or found[-1] not in until:
        state = glue.get_job_run(JobName=job, RunId=run, PredecessorsIncluded=False)["JobRun"]["JobRunState"]
        if state not in found: found.append(state)
        time.sleep(0.01)
    return found
${lines}
print(json.dumps(seen, default=str))`;
  const { accessKeyId, secretAccessKey, sessionToken = "" } = aws.identity;
  const env = {
    PATH: process.env.PATH,
    AWS_ENDPOINT_URL: aws.front.url,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
  };
  const { stdout } = await promisify(execFile)(PYTHON, ["-B", "-c", script], { env });
  return JSON.parse(stdout);
}

test("refusals are errors that the model knows for the operation", async () => {
  expect(
    await seenBy(`
glue.create_job(Name="slow", **definition("slow.py"))
run = glue.start_job_run(JobName="slow")["JobRunId"]
seen.append(tried(lambda: glue.start_job_run(JobName="slow")))
seen.append(tried(lambda: glue.start_job_run(JobName="none")))
seen.append(tried(lambda: glue.start_job_run(JobName="slow", Timeout=10080)))
seen.append(tried(lambda: glue.start_job_run(JobName="slow", WorkerType="G.1X")))
seen.append(tried(lambda: glue.get_job(JobName="none")))
seen.append(tried(lambda: glue.get_job_run(JobName="slow", RunId="jr_none")))
seen.append(tried(lambda: glue.get_job_run(JobName="none", RunId=run)))
seen.append(tried(lambda: glue.get_job_runs(JobName="none")))
seen.append(tried(lambda: glue.get_job_runs(JobName="slow", NextToken="nonsense")))
seen.append(tried(lambda: glue.update_job(JobName="none", JobUpdate=definition("slow.py"))))
seen.append(tried(lambda: glue.create_job(Name="slow", **definition("quick.py"))))
seen.append(tried(lambda: glue.get_tags(ResourceArn="arn:aws:glue:${region}:123456789012:job/none")))
seen.append(tried(lambda: glue.delete_job(JobName="none")["JobName"]))
glue.create_job(Name="crowd", **definition("slow.py", ExecutionProperty={"MaxConcurrentRuns": 9}))
crowd = [glue.start_job_run(JobName="crowd")["JobRunId"] for _ in range(3)]
seen.append(tried(lambda: glue.start_job_run(JobName="crowd")))
glue.batch_stop_job_run(JobName="slow", JobRunIds=[run])
glue.batch_stop_job_run(JobName="crowd", JobRunIds=crowd)
for each in crowd: states("crowd", each, ["STOPPED"])
`),
  ).toEqual([
    ["ConcurrentRunsExceededException", true, "Concurrent runs exceeded for slow", 400],
    ["EntityNotFoundException", true, "Failed to start job run due to missing metadata", 400],
    ["InvalidInputException", true, expect.stringContaining("7 days"), 400],
    ["InvalidInputException", true, expect.stringContaining("Number of Workers"), 400],
    ["EntityNotFoundException", true, expect.any(String), 400],
    ["EntityNotFoundException", true, expect.any(String), 400],
    ["EntityNotFoundException", true, expect.any(String), 400],
    ["EntityNotFoundException", true, expect.any(String), 400],
    ["InvalidInputException", true, expect.any(String), 400],
    ["EntityNotFoundException", true, expect.any(String), 400],
    ["IdempotentParameterMismatchException", true, expect.any(String), 400],
    ["EntityNotFoundException", true, expect.any(String), 400],
    "none",
    ["ResourceNumberLimitExceededException", true, expect.any(String), 400],
  ]);
});

test("runs and jobs come in pages, the newest run first, and states in their order", async () => {
  expect(
    await seenBy(`
for name in ["many", "another"]: glue.create_job(Name=name, **definition("slow.py", ExecutionProperty={"MaxConcurrentRuns": 2}), Tags={"team": name})
runs = [glue.start_job_run(JobName="many")["JobRunId"] for _ in range(2)]
seen.append(tried(lambda: glue.start_job_run(JobName="many"))[0])
for run in runs: states("many", run, ["RUNNING"])
glue.batch_stop_job_run(JobName="many", JobRunIds=runs)
seen.append([states("many", run, ["STOPPED"])[-1] for run in runs])
runs.append(glue.start_job_run(JobName="many", Arguments={"--scriptLocation": "s3://${Bucket}/quick.py"})["JobRunId"])
found = states("many", runs[2], ["SUCCEEDED", "FAILED"])
# A quick run may be further on before it is looked at.
seen.append([found[-1], found == [each for each in ["STARTING", "RUNNING", "SUCCEEDED"] if each in found]])
pages = glue.get_paginator("get_job_runs").paginate(JobName="many", PaginationConfig={"PageSize": 2})
found = [[run["Id"] for run in page["JobRuns"]] for page in pages]
seen.append([len(page) for page in found] + [sum(found, []) == runs[::-1]])
seen.append(glue.list_jobs(Tags={"team": "many"})["JobNames"])
jobs = [page["Jobs"] for page in glue.get_paginator("get_jobs").paginate(PaginationConfig={"PageSize": 1})]
seen.append([max(map(len, jobs)), {"many", "another"} <= {each["Name"] for page in jobs for each in page}])
`),
  ).toEqual([
    "ConcurrentRunsExceededException",
    ["STOPPED", "STOPPED"],
    ["SUCCEEDED", true],
    [2, 1, true],
    ["many"],
    [1, true],
  ]);
});
