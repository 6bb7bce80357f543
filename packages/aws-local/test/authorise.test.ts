import {
  type ContextEntry,
  CreatePolicyCommand,
  CreateRoleCommand,
  GetRoleCommand,
  IAMClient,
  PutRolePermissionsBoundaryCommand,
  PutRolePolicyCommand,
  SimulatePrincipalPolicyCommand,
  UpdateAssumeRolePolicyCommand,
} from "@aws-sdk/client-iam";
import {
  CreateBucketCommand,
  DeleteObjectsCommand,
  GetObjectAclCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  PutBucketPolicyCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import {
  CreateTrainingJobCommand,
  DescribeTrainingJobCommand,
  ListTrainingJobsCommand,
  SageMakerClient,
} from "@aws-sdk/client-sagemaker";
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { ROLE_NAME, temporaryIdentity } from "@keyspaces-segmentation/local-support";
import { type RunningAws, region, startAws } from "../../../test/support/aws.js";
import { trainingRequest } from "../../../test/support/training_jobs.js";

const Bucket = "authorised";
const account = "123456789012";
const who = temporaryIdentity("policies");
const training = `arn:aws:iam::${account}:role/jobs/Training`;
const trust = (principal: object, more: object = {}) =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: principal, Action: "sts:AssumeRole", ...more }],
  });
const allow = (Action: string | string[], Resource: string | string[], more: object = {}) => ({
  Effect: "Allow",
  Action,
  Resource,
  ...more,
});
const bucketArn = `arn:aws:s3:::${Bucket}`;

let aws: RunningAws;
let s3: S3Client;
let sageMaker: SageMakerClient;
let sts: STSClient;

/** Gives the role exactly these statements. */
async function may(RoleName: string, ...statements: object[]): Promise<void> {
  const PolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement: statements });
  await aws.iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: "own", PolicyDocument }));
}
const nothing = allow("s3:GetObject", "arn:aws:s3:::nothing/at-all");
const refused = (action: string, resource: string) =>
  `User: ${who.arn} is not authorized to perform: ${action} on resource: ${resource} because no identity-based policy allows the ${action} action`;

beforeAll(async () => {
  aws = await startAws(20, { withPolicies: true, others: [who] });
  s3 = new S3Client(aws.settings(who));
  sageMaker = new SageMakerClient(aws.settings(who));
  sts = new STSClient(aws.settings(who));
  await aws.s3.send(new CreateBucketCommand({ Bucket }));
  for (const Key of ["in/a", "in/b", "out/c"])
    await aws.s3.send(new PutObjectCommand({ Bucket, Key, Body: "0,0\n0,2\n" }));
  const service = { Service: "sagemaker.amazonaws.com" };
  await aws.iam.send(new CreateRoleCommand({ RoleName: ROLE_NAME, AssumeRolePolicyDocument: trust(service) }));
  await aws.iam.send(
    new CreateRoleCommand({ RoleName: "Training", Path: "/jobs/", AssumeRolePolicyDocument: trust(service) }),
  );
});
beforeEach(() => may(ROLE_NAME, nothing));
afterAll(async () => {
  for (const client of [s3, sageMaker, sts]) client?.destroy();
  await aws?.stop();
});

/** An operation of KMS, which the SDK's client for it is not here for. */
async function kms(operation: string, request: object): Promise<{ KeyMetadata?: { Arn: string } }> {
  const answer = await fetch(`http://127.0.0.1:${aws.moto.port}/`, {
    method: "POST",
    headers: {
      "content-type": "application/x-amz-json-1.1",
      "x-amz-target": `TrentService.${operation}`,
      authorization: `AWS4-HMAC-SHA256 Credential=test/20200101/${region}/kms/aws4_request, SignedHeaders=host, Signature=0`,
    },
    body: JSON.stringify(request),
  });
  return (await answer.json()) as { KeyMetadata?: { Arn: string } };
}

describe("conditions on the tags of", () => {
  const when = (operator: string, key: string, value: string) => ({ Condition: { [operator]: { [key]: value } } });
  const denied = { $metadata: { httpStatusCode: 403 } };

  test("an object decide on reading it, by the keys of the service authorization reference", async () => {
    await aws.s3.send(new PutObjectCommand({ Bucket, Key: "tagged/red", Body: "x", Tagging: "team=red" }));
    await aws.s3.send(new PutObjectCommand({ Bucket, Key: "tagged/none", Body: "x" }));
    const head = (Key: string) => s3.send(new HeadObjectCommand({ Bucket, Key }));
    await may(
      ROLE_NAME,
      allow("s3:GetObject", `${bucketArn}/*`, when("StringEquals", "s3:ExistingObjectTag/team", "red")),
    );
    await head("tagged/red");
    await expect(head("tagged/none")).rejects.toMatchObject(denied);
    await may(
      ROLE_NAME,
      allow("s3:GetObject", `${bucketArn}/*`, when("StringNotEquals", "s3:ExistingObjectTag/team", "red")),
    );
    await expect(head("tagged/red")).rejects.toMatchObject(denied);
    await head("tagged/none");
  });

  test.each([
    // Objects bear tags of their own, under another key.
    ["aws:ResourceTag/team", "s3:GetObject"],
    // What is written over is not looked at.
    ["s3:ExistingObjectTag/team", "s3:PutObject"],
    // Tags of buckets count where attribute-based access was enabled, which is not emulated.
    ["aws:ResourceTag/team", "s3:ListBucket"],
    ["s3:BucketTag/team", "s3:ListBucket"],
  ])("%s allow no %s, whatever the tags are", async (key, action) => {
    const requests: Record<string, () => Promise<unknown>> = {
      "s3:GetObject": () => s3.send(new HeadObjectCommand({ Bucket, Key: "tagged/red" })),
      "s3:PutObject": () => s3.send(new PutObjectCommand({ Bucket, Key: "tagged/red", Body: "y" })),
      "s3:ListBucket": () => s3.send(new ListObjectsV2Command({ Bucket })),
    };
    for (const operator of ["StringEquals", "StringNotEquals"]) {
      await may(ROLE_NAME, allow(action, [bucketArn, `${bucketArn}/*`], when(operator, key, "red")));
      await expect(requests[action]!()).rejects.toMatchObject(denied);
    }
  });

  test("a role decide on looking at it and on assuming it, and not on passing it", async () => {
    const tags = [{ Key: "team", Value: "red" }];
    const AssumeRolePolicyDocument = trust({ AWS: `arn:aws:iam::${account}:root` });
    await aws.iam.send(new CreateRoleCommand({ RoleName: "Red", AssumeRolePolicyDocument, Tags: tags }));
    await aws.iam.send(new CreateRoleCommand({ RoleName: "Plain", AssumeRolePolicyDocument }));
    const iam = new IAMClient(aws.settings(who));
    const get = (RoleName: string) => iam.send(new GetRoleCommand({ RoleName }));
    const assume = (name: string) =>
      sts.send(new AssumeRoleCommand({ RoleArn: `arn:aws:iam::${account}:role/${name}`, RoleSessionName: "jane" }));
    for (const key of ["aws:ResourceTag/team", "iam:ResourceTag/team"]) {
      await may(ROLE_NAME, allow(["iam:GetRole", "sts:AssumeRole"], "*", when("StringEquals", key, "red")));
      await get("Red");
      await assume("Red");
      await expect(get("Plain")).rejects.toMatchObject(denied);
      await expect(assume("Plain")).rejects.toMatchObject(denied);
    }
    iam.destroy();
    await may(
      ROLE_NAME,
      allow("sagemaker:CreateTrainingJob", "*"),
      allow("iam:PassRole", "*", when("StringNotEquals", "aws:ResourceTag/team", "blue")),
    );
    const job = new CreateTrainingJobCommand({
      ...trainingRequest(),
      RoleArn: `arn:aws:iam::${account}:role/Red`,
    });
    await expect(sageMaker.send(job)).rejects.toMatchObject({ message: expect.stringContaining("iam:PassRole") });
  });

  test("a key decide on what is done with it, in its own policy too", async () => {
    const create = async (tag: string) => {
      const Tags = [{ TagKey: "team", TagValue: tag }];
      return (await kms("CreateKey", { Tags })).KeyMetadata!.Arn;
    };
    const [red, blue] = [await create("red"), await create("blue")];
    const put = (SSEKMSKeyId: string) =>
      s3.send(new PutObjectCommand({ Bucket, Key: "sealed", Body: "x", ServerSideEncryption: "aws:kms", SSEKMSKeyId }));
    await may(
      ROLE_NAME,
      allow("s3:PutObject", `${bucketArn}/*`),
      allow("kms:GenerateDataKey", "*", when("StringEquals", "aws:ResourceTag/team", "red")),
    );
    await put(red);
    await expect(put(blue)).rejects.toMatchObject({ message: expect.stringContaining("kms:GenerateDataKey") });
    const Policy = JSON.stringify({
      Version: "2012-10-17",
      Statement: [
        allow("kms:*", "*", { Principal: { AWS: `arn:aws:iam::${account}:root` } }),
        {
          ...allow("kms:GenerateDataKey", "*", {
            Principal: "*",
            ...when("StringEquals", "aws:ResourceTag/team", "red"),
          }),
          Effect: "Deny",
        },
      ],
    });
    await kms("PutKeyPolicy", { KeyId: red, PolicyName: "default", Policy });
    // Past the front, which would have known of it.
    await aws.iam.send(new GetRoleCommand({ RoleName: ROLE_NAME }));
    await aws.s3.send(new CreateBucketCommand({ Bucket: "another-bucket" }));
    await expect(put(red)).rejects.toMatchObject({ message: expect.stringContaining("explicit deny") });
  });
});

describe("S3", () => {
  test("a permission is asked for by operation and resource, and holds as soon as it is given", async () => {
    const get = () => s3.send(new GetObjectCommand({ Bucket, Key: "in/a" }));
    await expect(get()).rejects.toMatchObject({
      name: "AccessDenied",
      message: refused("s3:GetObject", `"${bucketArn}/in/a"`),
    });
    await may(ROLE_NAME, allow("s3:GetObject", `${bucketArn}/in/*`));
    expect(await (await get()).Body?.transformToString()).toBe("0,0\n0,2\n");
    await expect(s3.send(new GetObjectCommand({ Bucket, Key: "out/c" }))).rejects.toMatchObject({
      name: "AccessDenied",
    });
    await expect(s3.send(new ListBucketsCommand({}))).rejects.toMatchObject({
      message: refused("s3:ListAllMyBuckets", '"*"'),
    });
  });

  test("a list may be held to a prefix, and HeadBucket is a list without one", async () => {
    const condition = { Condition: { StringLike: { "s3:prefix": "in/*" } } };
    await may(ROLE_NAME, allow("s3:ListBucket", bucketArn, condition));
    expect((await s3.send(new ListObjectsV2Command({ Bucket, Prefix: "in/" }))).KeyCount).toBe(2);
    await expect(s3.send(new ListObjectsV2Command({ Bucket, Prefix: "out/" }))).rejects.toMatchObject({
      name: "AccessDenied",
    });
    await expect(s3.send(new HeadBucketCommand({ Bucket }))).rejects.toMatchObject({
      $metadata: { httpStatusCode: 403 },
    });
  });

  test("what is not there is only told to those who may list", async () => {
    await may(ROLE_NAME, allow("s3:GetObject", `${bucketArn}/*`));
    const head = () => s3.send(new HeadObjectCommand({ Bucket, Key: "none" }));
    await expect(head()).rejects.toMatchObject({ $metadata: { httpStatusCode: 403 } });
    await may(ROLE_NAME, allow("s3:GetObject", `${bucketArn}/*`), allow("s3:ListBucket", bucketArn));
    await expect(head()).rejects.toMatchObject({ $metadata: { httpStatusCode: 404 } });
  });

  test("of several objects to delete each is decided on", async () => {
    for (const Key of ["del/a", "keep/b&c"]) await aws.s3.send(new PutObjectCommand({ Bucket, Key, Body: "x" }));
    await may(ROLE_NAME, allow("s3:DeleteObject", `${bucketArn}/del/*`));
    const Delete = { Objects: [{ Key: "del/a" }, { Key: "keep/b&c" }] };
    const { Deleted, Errors } = await s3.send(new DeleteObjectsCommand({ Bucket, Delete }));
    expect(Deleted).toEqual([expect.objectContaining({ Key: "del/a" })]);
    expect(Errors).toEqual([
      { Key: "keep/b&c", Code: "AccessDenied", Message: refused("s3:DeleteObject", `"${bucketArn}/keep/b&c"`) },
    ]);
    expect((await aws.s3.send(new ListObjectsV2Command({ Bucket, Prefix: "keep/" }))).KeyCount).toBe(1);
  });

  test("a bucket's policy lets in whom it names, and keeps out whom it denies", async () => {
    const put = (statement: object) =>
      aws.s3.send(
        new PutBucketPolicyCommand({
          Bucket,
          Policy: JSON.stringify({ Version: "2012-10-17", Statement: [statement] }),
        }),
      );
    const get = () => s3.send(new GetObjectCommand({ Bucket, Key: "out/c" }));
    const AWS = `arn:aws:iam::${account}:role/${ROLE_NAME}`;
    await put({ ...allow("s3:GetObject", `${bucketArn}/out/*`), Principal: { AWS } });
    await get();
    await may(ROLE_NAME, allow("s3:*", "*"));
    await put({ ...allow("s3:GetObject", `${bucketArn}/out/*`), Effect: "Deny", Principal: "*" });
    await expect(get()).rejects.toMatchObject({
      message: expect.stringContaining("with an explicit deny in a resource-based policy"),
    });
    await expect(put({ Effect: "Maybe" })).rejects.toMatchObject({ name: "MalformedPolicy" });
  });

  test("an operation that no permission is known for is refused by its name", async () => {
    await may(ROLE_NAME, allow("*", "*"));
    await expect(s3.send(new GetObjectAclCommand({ Bucket, Key: "in/a" }))).rejects.toMatchObject({
      message: expect.stringContaining("the stand-in knows no permission for it"),
    });
  });
});

describe("IAM", () => {
  test("what is no policy is refused in its word, and nothing changes", async () => {
    const put = (document: object) =>
      aws.iam.send(
        new PutRolePolicyCommand({ RoleName: "Training", PolicyName: "x", PolicyDocument: JSON.stringify(document) }),
      );
    await expect(
      put({ Version: "2012-10-17", Statement: [{ ...nothing, Condition: { StringLikes: { "aws:userid": "x" } } }] }),
    ).rejects.toMatchObject({
      name: "MalformedPolicyDocumentException",
    });
  });

  test("a role is asked about by its name and refused by it", async () => {
    const iam = new IAMClient(aws.settings(who));
    const get = () => iam.send(new GetRoleCommand({ RoleName: "Training" }));
    await expect(get()).rejects.toMatchObject({ message: refused("iam:GetRole", "role Training") });
    await may(ROLE_NAME, allow("iam:GetRole", training));
    expect((await get()).Role?.Arn).toBe(training);
    iam.destroy();
  });

  test("what a role could do is simulated", async () => {
    await may(ROLE_NAME, allow("s3:GetObject", `${bucketArn}/in/*`), allow("iam:SimulatePrincipalPolicy", training));
    await may(
      "Training",
      allow("s3:GetObject", `${bucketArn}/*`, { Condition: { StringEquals: { "aws:userid": "x" } } }),
    );
    const iam = new IAMClient(aws.settings(who));
    const ask = (ContextEntries: ContextEntry[]) =>
      iam.send(
        new SimulatePrincipalPolicyCommand({
          PolicySourceArn: training,
          ActionNames: ["s3:GetObject", "s3:PutObject"],
          ResourceArns: [`${bucketArn}/a`],
          ContextEntries,
        }),
      );
    const found = async (entries: ContextEntry[]) =>
      (await ask(entries)).EvaluationResults?.map(({ EvalDecision }) => EvalDecision);
    expect(await found([])).toEqual(["implicitDeny", "implicitDeny"]);
    const entry = { ContextKeyName: "aws:userid", ContextKeyType: "string", ContextKeyValues: ["x"] } as const;
    expect(await found([{ ...entry, ContextKeyValues: ["x"] }])).toEqual(["allowed", "implicitDeny"]);
    iam.destroy();
  });

  test("a boundary limits what policies give", async () => {
    const PolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement: [allow("sagemaker:*", "*")] });
    const { Policy } = await aws.iam.send(new CreatePolicyCommand({ PolicyName: "boundary", PolicyDocument }));
    const PermissionsBoundary = Policy!.Arn!;
    await aws.iam.send(
      new CreateRoleCommand({ RoleName: "Bounded", AssumeRolePolicyDocument: trust({ AWS: account }) }),
    );
    await may("Bounded", allow("*", "*"));
    await aws.iam.send(new PutRolePermissionsBoundaryCommand({ RoleName: "Bounded", PermissionsBoundary }));
    const { Credentials } = await aws.sts.send(
      new AssumeRoleCommand({ RoleArn: `arn:aws:iam::${account}:role/Bounded`, RoleSessionName: "test" }),
    );
    const bounded = new S3Client({ ...aws.settings(), credentials: credentialsOf(Credentials) });
    await expect(bounded.send(new ListBucketsCommand({}))).rejects.toMatchObject({
      message: expect.stringContaining("because no permissions boundary allows the s3:ListAllMyBuckets action"),
    });
    bounded.destroy();
  });
});

const credentialsOf = ({ AccessKeyId = "", SecretAccessKey = "", SessionToken = "" } = {}) => ({
  accessKeyId: AccessKeyId,
  secretAccessKey: SecretAccessKey,
  sessionToken: SessionToken,
});

describe("STS", () => {
  const RoleArn = `arn:aws:iam::${account}:role/Access`;
  const assume = (more = {}) => sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: "notebook", ...more }));
  beforeAll(async () => {
    const AssumeRolePolicyDocument = trust({ AWS: account });
    await aws.iam.send(new CreateRoleCommand({ RoleName: "Access", AssumeRolePolicyDocument }));
    await may("Access", allow("s3:*", "*"));
  });

  test("a role is assumed by who may, and by whom its trust policy names", async () => {
    await expect(assume()).rejects.toMatchObject({ name: "AccessDenied", message: refused("sts:AssumeRole", RoleArn) });
    await may(ROLE_NAME, allow("sts:AssumeRole", RoleArn));
    const { Credentials, AssumedRoleUser } = await assume({ DurationSeconds: 900 });
    expect(AssumedRoleUser?.Arn).toBe(`arn:aws:sts::${account}:assumed-role/Access/notebook`);
    expect(Credentials!.Expiration!.getTime() - Date.now()).toBeLessThanOrEqual(900_000);
    const session = new STSClient({ ...aws.settings(), credentials: credentialsOf(Credentials) });
    expect((await session.send(new GetCallerIdentityCommand({}))).Arn).toBe(AssumedRoleUser?.Arn);
    session.destroy();
    const id = { StringEquals: { "sts:ExternalId": "42" } };
    const PolicyDocument = trust({ AWS: account }, { Condition: id });
    await aws.iam.send(new UpdateAssumeRolePolicyCommand({ RoleName: "Access", PolicyDocument }));
    await expect(assume()).rejects.toMatchObject({ message: expect.stringContaining("no role trust policy allows") });
    await assume({ ExternalId: "42" });
    await aws.iam.send(
      new UpdateAssumeRolePolicyCommand({ RoleName: "Access", PolicyDocument: trust({ AWS: account }) }),
    );
  });

  test("a session is cut down to its policy, and lasts no longer than it may", async () => {
    await may(ROLE_NAME, allow("sts:AssumeRole", RoleArn));
    const Policy = JSON.stringify({ Version: "2012-10-17", Statement: [allow("s3:GetObject", `${bucketArn}/in/*`)] });
    const { Credentials } = await assume({ Policy });
    const session = new S3Client({ ...aws.settings(), credentials: credentialsOf(Credentials) });
    await session.send(new GetObjectCommand({ Bucket, Key: "in/a" }));
    await expect(session.send(new ListBucketsCommand({}))).rejects.toMatchObject({
      message: expect.stringContaining("because no session policy allows the s3:ListAllMyBuckets action"),
    });
    session.destroy();
    await expect(assume({ Policy: "{}" })).rejects.toMatchObject({
      name: expect.stringContaining("MalformedPolicyDocument"),
    });
    await expect(assume({ DurationSeconds: 7200 })).rejects.toMatchObject({
      message: expect.stringContaining("1 hour"),
    });
  });
});

describe("SageMaker", () => {
  const job = (more = {}) => trainingRequest({ RoleArn: training, ...more });
  const train = (name: string, more = {}) => {
    const OutputDataConfig = { S3OutputPath: `s3://${Bucket}/out/` };
    const [channel] = job().InputDataConfig!;
    const S3DataSource = { ...channel!.DataSource!.S3DataSource!, S3Uri: `s3://${Bucket}/in/` };
    const InputDataConfig = [{ ...channel!, DataSource: { S3DataSource } }];
    return sageMaker.send(
      new CreateTrainingJobCommand(job({ TrainingJobName: name, OutputDataConfig, InputDataConfig, ...more })),
    );
  };
  const jobArn = (name: string) => `arn:aws:sagemaker:${region}:${account}:training-job/${name}`;
  const passing = allow("iam:PassRole", training, {
    Condition: { StringEquals: { "iam:PassedToService": "sagemaker.amazonaws.com" } },
  });
  const creating = allow("sagemaker:CreateTrainingJob", jobArn("job-*"), {
    Condition: {
      "ForAllValues:StringEquals": { "sagemaker:InstanceTypes": ["ml.m5.large"] },
      Null: { "sagemaker:InstanceTypes": "false" },
    },
  });

  test("a job is created by who may, of the kind that they may, with a role that they may pass", async () => {
    await expect(train("job-1")).rejects.toMatchObject({
      name: "AccessDeniedException",
      message: refused("sagemaker:CreateTrainingJob", jobArn("job-1")),
    });
    await may(ROLE_NAME, creating);
    await expect(train("job-1")).rejects.toMatchObject({ message: refused("iam:PassRole", training) });
    await may(ROLE_NAME, creating, passing);
    const ResourceConfig = { InstanceType: "ml.p3.2xlarge" as const, InstanceCount: 1, VolumeSizeInGB: 1 };
    await expect(train("job-1", { ResourceConfig })).rejects.toMatchObject({
      message: expect.stringContaining("sagemaker:CreateTrainingJob"),
    });
    const encrypted = { ...job().ResourceConfig!, VolumeKmsKeyId: "1234abcd-12ab-34cd-56ef-1234567890ab" };
    await expect(train("job-1", { ResourceConfig: encrypted })).rejects.toMatchObject({
      message: refused("kms:CreateGrant", `arn:aws:kms:${region}:${account}:key/1234abcd-12ab-34cd-56ef-1234567890ab`),
    });
    await expect(sageMaker.send(new ListTrainingJobsCommand({}))).rejects.toMatchObject({
      message: refused("sagemaker:ListTrainingJobs", "*"),
    });
  });

  test("it runs as its role, which SageMaker has to be trusted with and which has to have the permissions", async () => {
    await may(ROLE_NAME, creating, passing, allow("sagemaker:DescribeTrainingJob", jobArn("job-*")));
    await may("Training", allow("s3:GetObject", `${bucketArn}/in/*`));
    await expect(train("job-2")).rejects.toMatchObject({
      message: expect.stringContaining('has "s3:ListBucket" permissions'),
    });
    await may("Training", allow("s3:ListBucket", bucketArn), allow("s3:GetObject", `${bucketArn}/in/*`));
    await train("job-2");
    const described = await ended("job-2");
    expect(described.TrainingJobStatus).toBe("Failed");
    expect(described.FailureReason).toContain(
      `assumed-role/Training/SageMaker is not authorized to perform: s3:PutObject on resource: "${bucketArn}/out/job-2/output/model.tar.gz"`,
    );
    await aws.iam.send(
      new UpdateAssumeRolePolicyCommand({
        RoleName: "Training",
        PolicyDocument: trust({ Service: "glue.amazonaws.com" }),
      }),
    );
    await expect(train("job-3")).rejects.toMatchObject({
      message: expect.stringContaining(`Could not assume role ${training}`),
    });
  });

  async function ended(name: string) {
    for (;;) {
      const described = await sageMaker.send(new DescribeTrainingJobCommand({ TrainingJobName: name }));
      if (described.TrainingJobStatus !== "InProgress") return described;
    }
  }
});
