import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CreatePolicyCommand,
  CreateRoleCommand,
  PutRolePermissionsBoundaryCommand,
  PutRolePolicyCommand,
  UpdateAssumeRolePolicyCommand,
} from "@aws-sdk/client-iam";
import { CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Check } from "@keyspaces-segmentation/aws-doctor";
import { type Gateway, makeCertificates, startGateway } from "@keyspaces-segmentation/keyspaces-local";
import { type Identity, ROOT, temporaryIdentity } from "@keyspaces-segmentation/local-support";
import { type PolicyParameters, renderPolicy } from "../../local/policies.js";
import { signIn } from "../../src/aws.js";
import { preflight } from "../../src/preflight.js";
import { sample } from "../../src/retail_data.js";
import { readSettings } from "../../src/settings.js";
import { type RunningAws, region, startAws } from "../support/aws.js";
import { borrowCassandra } from "../support/borrow.js";

const ACCOUNT = "123456789012";
const values: PolicyParameters = {
  "AWS::Partition": "aws",
  "AWS::Region": region,
  "AWS::AccountId": ACCOUNT,
  Keyspace: "blog_*",
  Bucket: "my-segmentation",
  Prefix: "customer-segmentation",
  DataBucket: "shop",
  DataKey: "lines.csv",
  InstanceType: "ml.m5.large",
  TrainingRole: "SegmentationTraining",
};

/** A session of a role of that name. */
const sessionOf = (role: string): Identity => ({
  ...temporaryIdentity("policies"),
  arn: `arn:aws:sts::${ACCOUNT}:assumed-role/${role}/jane`,
});
const ACCESS = `arn:aws:iam::${ACCOUNT}:role/Access`;
const [well, sso, elsewhere, without, asked, project] = [
  sessionOf("Notebook"),
  sessionOf("AWSReservedSSO_Analyst_0123456789abcdef"),
  sessionOf("Elsewhere"),
  sessionOf("Without"),
  sessionOf("Asked"),
  sessionOf("datazone_usr_role_project_environment"),
];

let aws: RunningAws;
let gateway: Gateway;
let folder: string;
let environment: NodeJS.ProcessEnv;

/** A role with statements of the notebook's policy, and more. */
async function role(
  RoleName: string,
  wanted: (sid: string) => boolean,
  more: object[] = [],
  filledIn: PolicyParameters = values,
): Promise<void> {
  const statements = renderPolicy("notebook_policy", filledIn).Statement as { Sid: string }[];
  const AssumeRolePolicyDocument = JSON.stringify(renderPolicy("training_trust", values));
  await aws.iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }));
  const Statement = [...statements.filter(({ Sid }) => wanted(Sid)), ...more];
  if (Statement.length === 0) return;
  const PolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement });
  await aws.iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: "notebook", PolicyDocument }));
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "doctor-"));
  aws = await startAws(20, { withPolicies: true, others: [well, sso, elsewhere, without, asked, project] });
  const all = () => true;
  await role("SegmentationTraining", () => false);
  await role("Notebook", all);
  await role(sso.arn.split("/")[1]!, all);
  await role("Without", (sid) => sid !== "FindTraining");
  const Simulate = { Sid: "Ask", Effect: "Allow", Action: "iam:SimulatePrincipalPolicy", Resource: "*" };
  await role("Asked", (sid) => sid !== "PassTrainingRole", [Simulate]);
  await role("Elsewhere", all, [], { ...values, Bucket: "far-away" });
  const ProjectRoleArn = `arn:aws:iam::${ACCOUNT}:role/datazone_usr_role_project_environment`;
  const toAssume = renderPolicy("assume_access_policy", { ...values, AccessRole: "Access" }).Statement;
  await role("datazone_usr_role_project_environment", () => false, toAssume);
  await role("Access", all);
  const PolicyDocument = JSON.stringify(renderPolicy("access_trust", { ProjectRoleArn }));
  await aws.iam.send(new UpdateAssumeRolePolicyCommand({ RoleName: "Access", PolicyDocument }));
  for (const Bucket of ["my-segmentation", "shop"]) {
    const CreateBucketConfiguration = { LocationConstraint: region } as const;
    await aws.s3.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration }));
  }
  // Past the front, which is one region's.
  const everywhere = { region: "us-east-1", endpoint: `http://127.0.0.1:${aws.moto.port}`, forcePathStyle: true };
  const s3 = new S3Client({ ...everywhere, credentials: aws.identity });
  const there = { LocationConstraint: "eu-central-1" } as const;
  await s3.send(new CreateBucketCommand({ Bucket: "far-away", CreateBucketConfiguration: there }));
  s3.destroy();
  await aws.s3.send(new PutObjectCommand({ Bucket: "shop", Key: "lines.csv", Body: "Invoice\n" }));
  const [port, { ca, cert, key }] = await Promise.all([
    borrowCassandra("org.apache.cassandra.dht.Murmur3Partitioner"),
    makeCertificates(),
  ]);
  gateway = await startGateway({
    region,
    cassandra: { host: "127.0.0.1", port },
    identities: aws.identities,
    authoriser: aws.authoriser,
    certificate: { cert, key },
  });
  await writeFile(join(folder, "ca.pem"), ca);
  const own = Object.entries(process.env).filter(([name]) => !/^(AWS|SEGMENTATION)_/.test(name));
  environment = {
    ...Object.fromEntries(own),
    AWS_REGION: region,
    AWS_ENDPOINT_URL: aws.front.url,
    KEYSPACES_ENDPOINT: `localhost:${gateway.port}`,
    KEYSPACES_CA_FILE: join(folder, "ca.pem"),
    SEGMENTATION_DATA_BUCKET: "shop",
    SEGMENTATION_DATA_KEY: "lines.csv",
    SEGMENTATION_BUCKET: "my-segmentation",
    SEGMENTATION_EXECUTION_ROLE: `arn:aws:iam::${ACCOUNT}:role/SegmentationTraining`,
  };
});
afterAll(async () => {
  await gateway?.close();
  await aws.stop();
  await rm(folder, { recursive: true });
});

/** Runs the command as somebody. */
async function doctor(
  { accessKeyId, secretAccessKey, sessionToken = "" }: Identity,
  ...args: string[]
): Promise<{ code: number; out: string; err: string }> {
  const child = spawn(process.execPath, [join(ROOT, "dist", "src", "doctor.js"), ...args], {
    env: {
      ...environment,
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      AWS_SESSION_TOKEN: sessionToken,
    },
  });
  let [out, err] = ["", ""];
  child.stdout.on("data", (text) => {
    out += text;
  });
  child.stderr.on("data", (text) => {
    err += text;
  });
  const [code] = (await once(child, "close")) as [number];
  for (const secret of [secretAccessKey, sessionToken]) expect(out + err).not.toContain(secret);
  return { code, out, err };
}

/** What the command examines, in this process: the lines by name. */
async function examined(
  { accessKeyId, secretAccessKey, sessionToken = "" }: Identity,
  parameters: Readonly<Record<string, string>> = {},
) {
  const credentials = { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey };
  Object.assign(process.env, environment, credentials, { AWS_SESSION_TOKEN: sessionToken });
  const settings = readSettings(sample, { ...process.env, ...parameters });
  const { checks } = await preflight(await signIn(settings), settings, { createBucket: false });
  return { checks, ...byState(checks) };
}

function byState(checks: readonly Check[]) {
  const named = (state: Check["state"]) => checks.filter((check) => check.state === state).map(({ name }) => name);
  return { todo: named("to do"), unchecked: named("unchecked"), ok: named("ok") };
}

/** What only the step itself tells those who may not ask IAM: a request that would tell would change something. */
const onlyByDoing = [
  "permission KeyspacesDefine",
  "permission KeyspacesRows",
  "permission Objects",
  "permission PassTrainingRole",
  "permission Train",
  "permission TagTraining",
  "permission WatchTraining",
];

describe("npm run doctor", () => {
  test("where all is well has nothing to do, and says what it could not look at", async () => {
    const { code, out } = await doctor(well, "--json");
    const checks = JSON.parse(out) as Check[];
    const { todo, unchecked, ok } = byState(checks);
    expect({ code, todo }).toEqual({ code: 0, todo: [] });
    expect(unchecked).toEqual(["quota", ...onlyByDoing, "IAM"]);
    expect(ok).toEqual([
      ...["list of buckets", "region", "caller", "clock", "execution role", "bucket"],
      ...["Keyspaces endpoint", "Keyspaces", "permission KeyspacesConnect"],
      ...["permission Bucket", "permission RetailData", "permission TrainingRole", "permission FindTraining"],
    ]);
    const detailOf = (name: string) => checks.find((check) => check.name === name)?.detail;
    expect(detailOf("Keyspaces endpoint")).toMatch(/^localhost:\d+, certificate of \S+, good until \d{4}-\d\d-\d\d$/);
    expect(detailOf("Keyspaces")).toMatch(/^partitioner \w+Partitioner; system.peers has \d/);
  });

  test("as a role of IAM Identity Center that is its own training role says which trust is missing", async () => {
    const { code, out } = await doctor(sso, "--json", "--param", "executionRole=");
    const checks = JSON.parse(out) as Check[];
    expect({ code, todo: byState(checks).todo }).toEqual({ code: 1, todo: ["execution role"] });
    expect(checks.find(({ name }) => name === "execution role")).toMatchObject({
      detail: expect.stringContaining("IAM Identity Center"),
      todo: expect.stringContaining("executionRole"),
      statement: (renderPolicy("training_trust", values).Statement as object[])[0],
    });
  });

  test("with a bucket elsewhere says where it lies", async () => {
    const { todo, checks } = await examined(elsewhere, { SEGMENTATION_BUCKET: "far-away" });
    expect(todo).toEqual(["bucket"]);
    expect(checks.find(({ name }) => name === "bucket")).toMatchObject({
      detail: "Could not use the bucket far-away: it lies in eu-central-1, not in eu-west-1.",
      todo: expect.stringContaining("own region"),
    });
  });

  test("with a bucket that one may not look at says what that may mean", async () => {
    const { todo, checks } = await examined(well, { SEGMENTATION_BUCKET: "far-away" });
    expect(todo).toEqual(["bucket"]);
    expect(checks.find(({ name }) => name === "bucket")?.todo).toContain("may not have s3:ListBucket on it");
  });

  test.each([
    [without, "FindTraining", "sagemaker:ListTrainingJobs"],
    [asked, "PassTrainingRole", "iam:PassRole"],
  ])("where one statement is missing has it ready to paste: %#", async (who, sid, action) => {
    const { todo, checks, unchecked } = await examined(who);
    expect(todo).toEqual([`permission ${sid}`]);
    // Who may ask IAM hears of all of them.
    if (who === asked) expect(unchecked.filter((name) => name.startsWith("permission"))).toEqual([]);
    const missing = checks.find(({ name }) => name === `permission ${sid}`);
    const statements = renderPolicy("notebook_policy", values).Statement as { Sid: string }[];
    const statement = statements.find(({ Sid }) => Sid === sid);
    expect(missing).toMatchObject({ statement, detail: expect.stringContaining(action) });
    expect(missing?.todo).toBe(
      `Add to the policies of arn:aws:iam::${ACCOUNT}:role/${who.arn.split("/")[1]}: ${JSON.stringify(statement)}`,
    );
  });

  test("with subnets says what the training role lacks for them", async () => {
    const inVpc = { SEGMENTATION_SUBNETS: "subnet-0a1b2c3d", SEGMENTATION_SECURITY_GROUPS: "sg-0a1b2c3d" };
    const { todo, checks } = await examined(asked, inVpc);
    const network = ["permission NetworkInterfaces", "permission LookAtNetwork"];
    expect(todo).toEqual(["permission PassTrainingRole", ...network]);
    const training = `arn:aws:iam::${ACCOUNT}:role/SegmentationTraining`;
    const [first] = checks.filter(({ name }) => name === network[0]);
    expect(first?.detail).toMatch(/^step 7 needs ec2:CreateNetworkInterface, /);
    expect(first?.todo).toMatch(new RegExp(`^Add to the policies of ${training}: \\{"Sid":"NetworkInterfaces"`));
  });

  test("as somebody with a boundary, or whom something is denied, says that no statement helps", async () => {
    const limit = { Version: "2012-10-17", Statement: [{ Effect: "Allow", NotAction: "sagemaker:*", Resource: "*" }] };
    const named = { PolicyName: "limit", PolicyDocument: JSON.stringify(limit) };
    const { Policy: made } = await aws.iam.send(new CreatePolicyCommand(named));
    await aws.iam.send(
      new PutRolePermissionsBoundaryCommand({ RoleName: "Elsewhere", PermissionsBoundary: made?.Arn ?? "" }),
    );
    const find = ({ checks }: { checks: Check[] }) =>
      checks.find(({ name }) => name === "permission FindTraining")?.todo;
    expect(find(await examined(elsewhere))).toMatch(/^Its policies are not enough: the permissions boundary of /);
    const deny = { ...limit, Statement: [{ Effect: "Deny", Action: "sagemaker:*", Resource: "*" }] };
    const PolicyDocument = JSON.stringify(deny);
    await aws.iam.send(new PutRolePolicyCommand({ RoleName: "Elsewhere", PolicyName: "deny", PolicyDocument }));
    expect(find(await examined(elsewhere))).toMatch(/^No statement helps here: a policy of \S+Elsewhere denies it\./);
  });

  test("prints a line a check", async () => {
    const { code, out } = await doctor(without);
    expect(code).toBe(1);
    expect(out).toMatch(/^ok +region +eu-west-1$/m);
    expect(out).toMatch(/^to do +permission FindTraining +step 7 needs sagemaker:ListTrainingJobs: .*\n +-> Add to /m);
    expect(out).toMatch(
      /^unchecked +permission Train +whether sagemaker:CreateTrainingJob is allowed shows in step 7$/m,
    );
  });

  test("with a role to assume first looks at what that one may do, in Keyspaces too", async () => {
    const { todo: none, checks } = await examined(project, { SEGMENTATION_ACCESS_ROLE: ACCESS });
    expect(none).toEqual([]);
    const detailOf = (name: string) => checks.find((check) => check.name === name)?.detail;
    expect(detailOf("caller")).toContain("assumed-role/Access/keyspaces-segmentation-jane");
    expect(detailOf("permission KeyspacesConnect")).toBe("step 2: cassandra:Select");
    expect((await examined(project)).todo).toContain("Keyspaces");
  });

  test("with an option that there is not says how it is called", async () => {
    expect(await doctor(well, "--fix")).toMatchObject({
      code: 2,
      err: expect.stringContaining("usage: npm run doctor"),
    });
  });
});
