import { CreateJobCommand, GlueClient, StartJobRunCommand } from "@aws-sdk/client-glue";
import { CreateRoleCommand, PutRolePolicyCommand, UpdateAssumeRolePolicyCommand } from "@aws-sdk/client-iam";
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { ROLE_NAME, temporaryIdentity } from "@keyspaces-segmentation/local-support";
import { type RunningAws, region, startAws } from "../../../../test/support/aws.js";
import { Bucket, fakeSpark, jobRequest, untilIn } from "../../../../test/support/glue_jobs.js";

const account = "123456789012";
const who = temporaryIdentity("policies");
const Role = `arn:aws:iam::${account}:role/jobs/Features`;
const session = `arn:aws:sts::${account}:assumed-role/Features/GlueJobRunnerSession`;
const job = (name: string) => `arn:aws:glue:${region}:${account}:job/${name}`;
const trust = (Service: string) =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { Service }, Action: "sts:AssumeRole" }],
  });

let aws: RunningAws;
let glue: GlueClient;
beforeAll(async () => {
  aws = await startAws(20, { withPolicies: true, others: [who], glue: { spark: fakeSpark } });
  glue = new GlueClient(aws.settings(who));
  await aws.s3.send(new CreateBucketCommand({ Bucket }));
  const roles = [
    { RoleName: ROLE_NAME, AssumeRolePolicyDocument: trust("sagemaker.amazonaws.com") },
    { RoleName: "Features", Path: "/jobs/", AssumeRolePolicyDocument: trust("glue.amazonaws.com") },
  ];
  for (const role of roles) await aws.iam.send(new CreateRoleCommand(role));
});
afterAll(async () => {
  glue?.destroy();
  await aws?.stop();
});

/** Gives a role exactly these statements. */
async function may(RoleName: string, ...Statement: object[]): Promise<void> {
  const PolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement });
  await aws.iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: "own", PolicyDocument }));
}
const allow = (Action: string | string[], Resource: string, more: object = {}) => ({
  Effect: "Allow",
  Action,
  Resource,
  ...more,
});
const passing = (service: string) =>
  allow("iam:PassRole", Role, { Condition: { StringEquals: { "iam:PassedToService": service } } });
const create = (request: Parameters<typeof jobRequest>) =>
  glue.send(new CreateJobCommand({ ...jobRequest(...request), Role }));

/** Runs the text as a script under the role. */
async function run(text: string) {
  const Key = "scripts/script.py";
  await aws.s3.send(new PutObjectCommand({ Bucket, Key, Body: text }));
  await may(ROLE_NAME, allow("glue:*", "*"), passing("glue.amazonaws.com"));
  const { Name } = await create([Key]);
  const { JobRunId } = await glue.send(new StartJobRunCommand({ JobName: Name }));
  return untilIn(glue, Name!, JobRunId!);
}

test("a job is made by who may make it and pass its role to Glue", async () => {
  const refused = (action: string, resource: string) => ({
    name: "AccessDeniedException",
    message: `User: ${who.arn} is not authorized to perform: ${action} on resource: ${resource} because no identity-based policy allows the ${action} action`,
  });
  await may(ROLE_NAME, allow("glue:CreateJob", job("other")));
  const request = jobRequest("a.py");
  const asking = glue.send(new CreateJobCommand({ ...request, Role }));
  await expect(asking).rejects.toMatchObject(refused("glue:CreateJob", job(request.Name)));
  await may(ROLE_NAME, allow("glue:CreateJob", job("*")), passing("sagemaker.amazonaws.com"));
  await expect(create(["a.py"])).rejects.toMatchObject(refused("iam:PassRole", Role));
  await may(ROLE_NAME, allow("glue:CreateJob", job("*")), passing("glue.amazonaws.com"));
  await expect(create(["a.py"])).resolves.toMatchObject({ Name: expect.any(String) });
});

test("a role that does not let Glue in is not run as", async () => {
  await may(ROLE_NAME, allow("glue:*", "*"), passing("glue.amazonaws.com"));
  const { Name } = await create(["a.py"]);
  const RoleName = "Features";
  await aws.iam.send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument: trust("ec2.amazonaws.com") }));
  try {
    await expect(glue.send(new StartJobRunCommand({ JobName: Name }))).rejects.toMatchObject({
      name: "InvalidInputException",
      message: `Role ${Role} should be given assume role permissions for Glue Service.`,
    });
  } finally {
    await aws.iam.send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument: trust("glue.amazonaws.com") }));
  }
});

test("the script is fetched as the role, which has to be allowed to list and to read", async () => {
  await may("Features", allow("s3:GetObject", `arn:aws:s3:::${Bucket}/*`));
  const { JobRunState, ErrorMessage } = await run("print(1)");
  expect(JobRunState).toBe("FAILED");
  expect(ErrorMessage).toContain(
    `LAUNCH ERROR | Error downloading from S3 for bucket: ${Bucket}, key: scripts/script.py.`,
  );
  expect(ErrorMessage).toContain(
    `${session} is not authorized to perform: s3:ListBucket on resource: "arn:aws:s3:::${Bucket}"`,
  );
});

test("a script may do what its role may, and its session ends with it", async () => {
  const read = allow(["s3:GetObject", "s3:ListBucket"], "*");
  await may("Features", read, allow("s3:PutObject", `arn:aws:s3:::${Bucket}/out/*`));
  const known = aws.identities.length;
  const writing = (key: string) =>
    `import boto3\nboto3.client("s3").put_object(Bucket=${JSON.stringify(Bucket)}, Key=${JSON.stringify(key)}, Body=b"done")`;
  expect(await run(writing("out/a"))).toMatchObject({ JobRunState: "SUCCEEDED" });
  const { Body } = await aws.s3.send(new GetObjectCommand({ Bucket, Key: "out/a" }));
  expect(await Body?.transformToString()).toBe("done");
  const { JobRunState, ErrorMessage } = await run(writing("elsewhere/a"));
  expect(JobRunState).toBe("FAILED");
  expect(ErrorMessage).toMatch(
    /^Error Category: UNCLASSIFIED_ERROR; Failed Line Number: 2; \w+: An error occurred \(AccessDenied\) when calling the PutObject operation: /,
  );
  expect(ErrorMessage).toContain(`User: ${session} is not authorized to perform: s3:PutObject`);
  expect(aws.identities).toHaveLength(known);
});
