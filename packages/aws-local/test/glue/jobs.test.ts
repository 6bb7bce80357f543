import {
  CreateJobCommand,
  type CreateJobRequest,
  DeleteJobCommand,
  GetJobCommand,
  GetJobsCommand,
  GetTagsCommand,
  GlueClient,
  ListJobsCommand,
  StartJobRunCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateJobCommand,
} from "@aws-sdk/client-glue";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type RunningAws, region, startAws } from "../../../../test/support/aws.js";
import { jobRequest as request } from "../../../../test/support/glue_jobs.js";

let aws: RunningAws;
beforeAll(async () => {
  aws = await startAws();
});
afterAll(() => aws?.stop());

const create = (wanted: CreateJobRequest) => aws.glue.send(new CreateJobCommand(wanted));
const get = async (JobName: string) => (await aws.glue.send(new GetJobCommand({ JobName }))).Job;
const none = { name: "EntityNotFoundException", message: "Job not found." };

test("a job is made, with what AWS gives one that does not say, found, changed and deleted", async () => {
  const { Name, Role, Command } = request("a.py");
  const JobName = Name;
  expect(await create({ Name, Role, Command })).toMatchObject({ Name });
  const made = {
    Name,
    Role,
    Command,
    GlueVersion: "5.1",
    Timeout: 480,
    MaxRetries: 0,
    ExecutionClass: "STANDARD",
    ExecutionProperty: { MaxConcurrentRuns: 1 },
    CreatedOn: expect.any(Date),
  };
  expect(await get(Name)).toMatchObject(made);
  // The same once more is no fault; another one of that name is.
  expect(await create({ Name, Role, Command })).toMatchObject({ Name });
  await expect(create({ Name, Role, Command, Timeout: 5 })).rejects.toMatchObject({
    name: "IdempotentParameterMismatchException",
    message: `Job with name: ${Name} already submitted with different configuration`,
  });
  const changed = { Role, Command, GlueVersion: "5.0", WorkerType: "G.4X" as const, NumberOfWorkers: 4, Timeout: 7 };
  await aws.glue.send(new UpdateJobCommand({ JobName, JobUpdate: { ...changed, Description: "changed" } }));
  expect(await get(Name)).toMatchObject({ ...changed, Description: "changed", MaxCapacity: 16 });
  // What an update leaves out is as if it had never been.
  await aws.glue.send(new UpdateJobCommand({ JobName, JobUpdate: { Role, Command } }));
  expect((await get(Name))?.Description).toBeUndefined();
  await aws.glue.send(new DeleteJobCommand({ JobName }));
  await expect(get(Name)).rejects.toMatchObject(none);
  await expect(aws.glue.send(new UpdateJobCommand({ JobName, JobUpdate: changed }))).rejects.toMatchObject(none);
  expect(await aws.glue.send(new DeleteJobCommand({ JobName }))).toMatchObject({ JobName });
});

test("jobs are listed in pages, and by their tags, which can be changed", async () => {
  const names: string[] = [];
  for (const team of ["red", "blue", "red"]) {
    const wanted = request("a.py", { Tags: { team } });
    names.push(wanted.Name);
    await create(wanted);
  }
  const [first, second, third] = names as [string, string, string];
  const listed = async (Tags: Record<string, string>) => (await aws.glue.send(new ListJobsCommand({ Tags }))).JobNames;
  expect(await listed({ team: "red" })).toEqual([first, third]);
  const page = await aws.glue.send(new GetJobsCommand({ MaxResults: 2 }));
  const rest = await aws.glue.send(new GetJobsCommand({ NextToken: page.NextToken }));
  expect([...page.Jobs!, ...rest.Jobs!].map(({ Name }) => Name)).toEqual(names);
  expect(rest.NextToken).toBeUndefined();

  const ResourceArn = `arn:aws:glue:${region}:123456789012:job/${second}`;
  await aws.glue.send(new TagResourceCommand({ ResourceArn, TagsToAdd: { team: "red", more: "" } }));
  expect((await aws.glue.send(new GetTagsCommand({ ResourceArn }))).Tags).toEqual({ team: "red", more: "" });
  await aws.glue.send(new UntagResourceCommand({ ResourceArn, TagsToRemove: ["more", "none"] }));
  expect(await listed({ team: "red" })).toEqual(names);
  const nowhere = new GetTagsCommand({ ResourceArn: `${ResourceArn}-not` });
  await expect(aws.glue.send(nowhere)).rejects.toMatchObject({ name: "EntityNotFoundException" });
});

const command = { Name: "glueetl", ScriptLocation: "s3://b/a.py" };
test.each<[string, Partial<CreateJobRequest>, string, RegExp | string]>([
  [
    "no script",
    { Command: { Name: "glueetl" } },
    "InvalidInputException",
    "Script location cannot be null or empty for glueetl command",
  ],
  [
    "capacity beside workers",
    { MaxCapacity: 4 },
    "InvalidInputException",
    "Please do not set Max Capacity if using Worker Type and Number of Workers.",
  ],
  ["workers of no type", { WorkerType: undefined }, "InvalidInputException", /Worker Type/],
  // As users report it: https://github.com/aws-samples/cql-replicator/issues/181
  [
    "a single worker",
    { NumberOfWorkers: 1 },
    "InvalidInputException",
    "To use Worker Type G.1X, minimum allowed value of Number of Workers is 2.",
  ],
  ["a week", { Timeout: 10_080 }, "InvalidInputException", /less than 7 days or 10080/],
  ["a version that has ended", { GlueVersion: "2.0" }, "InvalidInputException", /not supported/],
  [
    "an unknown worker type",
    { WorkerType: "G.3X" as never },
    "ValidationException",
    /^1 validation error detected: Value 'G\.3X' at 'workerType' failed to satisfy constraint: Member must satisfy enum value set: /,
  ],
  [
    "no time at all",
    { Timeout: 0 },
    "ValidationException",
    /at 'timeout' failed to satisfy constraint: Member must have value greater than or equal to 1/,
  ],
  ["Ray", { Command: { ...command, Name: "glueray" } }, "NotEmulatedException", "Command 'glueray' is not emulated."],
  ["another Spark", { GlueVersion: "4.0" }, "NotEmulatedException", /GlueVersion '4.0'/],
  ...[0, -1].map((MaxConcurrentRuns): [string, Partial<CreateJobRequest>, string, string] => [
    `${MaxConcurrentRuns} runs at a time`,
    { ExecutionProperty: { MaxConcurrentRuns } },
    "NotEmulatedException",
    `MaxConcurrentRuns ${MaxConcurrentRuns} is not emulated.`,
  ]),
  ...["s3://", "s3://b", "s3://b/", "s3://b/scripts/", "s3:///a.py", "s3a://b/a.py", "/a.py"].map(
    (ScriptLocation): [string, Partial<CreateJobRequest>, string, string] => [
      `the script ${ScriptLocation}`,
      { Command: { ...command, ScriptLocation } },
      "NotEmulatedException",
      `The path '${ScriptLocation}', which is no s3://BUCKET/KEY, is not emulated.`,
    ],
  ),
  [
    "connections",
    { Connections: { Connections: ["vpc"] } },
    "NotEmulatedException",
    "Member 'Connections' is not emulated.",
  ],
])("a job with %s is refused", async (_, more, name, message) => {
  await expect(create(request("a.py", more))).rejects.toMatchObject({
    name,
    message: typeof message === "string" ? message : expect.stringMatching(message),
  });
});

test.each(["s3://b/a.py", "s3://b//a.py", "s3://my.bucket-1/2026/a b/\u00fc=1/a.py?x"])(
  "the script %s is taken",
  async (ScriptLocation) => {
    const Name = `with ${ScriptLocation}`;
    expect(await create({ ...request("a.py", { Command: { ...command, ScriptLocation } }), Name })).toMatchObject({
      Name,
    });
  },
);

test("who may do nothing may not start a run either", async () => {
  const client = new GlueClient(aws.settings(aws.stranger));
  await expect(client.send(new StartJobRunCommand({ JobName: "x" }))).rejects.toMatchObject({
    name: "AccessDeniedException",
  });
  client.destroy();
});
