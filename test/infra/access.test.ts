import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CreateRoleCommand,
  CreateUserCommand,
  DeleteRolePolicyCommand,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
  UpdateAssumeRolePolicyCommand,
} from "@aws-sdk/client-iam";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { findExecutionRole, signIn } from "@keyspaces-segmentation/aws-session";
import type { Asked } from "@keyspaces-segmentation/iam-local";
import { type Identity, temporaryIdentity } from "@keyspaces-segmentation/local-support";
import { type PolicyParameters, renderPolicy } from "../../local/policies.js";
import { type RunningAws, region, startAws } from "../support/aws.js";
import { withEnvironment } from "../support/environment.js";
import { sessionOf } from "../support/session.js";
import { parameters as defaults } from "./infra.js";

const account = "123456789012";
const parameters: PolicyParameters = {
  ...defaults,
  "AWS::Region": region,
  ProjectRoleArn: `arn:aws:iam::${account}:role/project`,
};
const accessRole = `arn:aws:iam::${account}:role/${parameters.AccessRole}`;

/** A policy of infra/iam without one statement. */
function documentOf(name: string, without?: string): string {
  const { Statement, ...document } = renderPolicy(name, parameters);
  const left = Statement.filter((statement) => (statement as { Sid: string }).Sid !== without);
  return JSON.stringify({ ...document, Statement: left });
}

// Somebody who is no role, and so has only what Studio tells.
const jane: Identity = { ...temporaryIdentity("policies"), arn: `arn:aws:iam::${account}:user/jane` };
const project: Identity = {
  ...temporaryIdentity("policies"),
  arn: `arn:aws:sts::${account}:assumed-role/project/SageMaker`,
};

const asked: Asked[] = [];
let aws: RunningAws;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "access-"));
  aws = await startAws(20, {
    withPolicies: true,
    others: [jane, project],
    onDecision: (each) => void asked.push(each),
  });
  await aws.iam.send(new CreateUserCommand({ UserName: "jane" }));
  for (const [RoleName, trust] of [
    ["project", "notebook_trust"],
    [parameters.AccessRole, "access_trust"],
  ] as const) {
    await aws.iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: documentOf(trust) }));
  }
});
afterAll(async () => {
  await aws?.stop();
  await rm(folder, { recursive: true, force: true });
});
withEnvironment(() => ({
  AWS_ENDPOINT_URL: aws.front.url,
  AWS_MAX_ATTEMPTS: "1",
  AWS_ACCESS_KEY_ID: project.accessKeyId,
  AWS_SECRET_ACCESS_KEY: project.secretAccessKey,
  AWS_SESSION_TOKEN: project.sessionToken,
}));

/** What the search for a role asks in Studio, or on a notebook instance, and whether it may. */
async function askedIn(metadata: object): Promise<Record<string, boolean>> {
  const file = join(folder, "metadata.json");
  await writeFile(file, JSON.stringify(metadata));
  const { accessKeyId, secretAccessKey, sessionToken = "" } = jane;
  const session = sessionOf({
    region,
    arn: jane.arn,
    credentials: async () => ({ accessKeyId, secretAccessKey, sessionToken }),
  });
  asked.length = 0;
  // What the stand-in does not have is a failure, once it was allowed.
  await findExecutionRole(session, null, file).catch(() => undefined);
  return Object.fromEntries(asked.map(({ request, decision }) => [request.action, decision.allowed]));
}

test.each([
  ["StudioDomain", "sagemaker:DescribeDomain", { DomainId: "d-abc" }],
  ["StudioUser", "sagemaker:DescribeUserProfile", { DomainId: "d-abc", UserProfileName: "jane" }],
  ["NotebookInstance", "sagemaker:DescribeNotebookInstance", { ResourceName: "my-notebook" }],
])("the search for a role needs %s for %s", async (sid, action, metadata) => {
  const give = (PolicyDocument: string) =>
    aws.iam.send(new PutUserPolicyCommand({ UserName: "jane", PolicyName: "studio", PolicyDocument }));
  await give(documentOf("studio_policy"));
  expect(await askedIn(metadata)).toMatchObject({ [action]: true });
  await give(documentOf("studio_policy", sid));
  expect(await askedIn(metadata)).toMatchObject({ [action]: false });
});

test("the access role is assumed with its trust and the permission for it, and with neither alone", async () => {
  const named = { RoleName: "project", PolicyName: "assume" };
  const PolicyDocument = documentOf("assume_access_policy");
  const permit = () => aws.iam.send(new PutRolePolicyCommand({ ...named, PolicyDocument }));
  const trust = (PolicyDocument: string) =>
    aws.iam.send(new UpdateAssumeRolePolicyCommand({ RoleName: parameters.AccessRole, PolicyDocument }));
  const refusal = /not authorized to perform: sts:AssumeRole on resource: \S+:role\/SegmentationAccess/;
  const other = { Effect: "Allow", Principal: { AWS: `arn:aws:iam::${account}:role/other` }, Action: "sts:AssumeRole" };
  await permit();
  await expect(signIn({ region, accessRole })).resolves.toMatchObject({
    arn: `arn:aws:sts::${account}:assumed-role/SegmentationAccess/keyspaces-segmentation-SageMaker`,
  });
  await trust(JSON.stringify({ Version: "2012-10-17", Statement: [other] }));
  await expect(signIn({ region, accessRole })).rejects.toThrow(refusal);
  // In one account a trust policy that names the role is enough by itself, one that names the account is not.
  await trust(documentOf("access_trust").replace(":role/project", ":root"));
  await aws.iam.send(new DeleteRolePolicyCommand(named));
  await expect(signIn({ region, accessRole })).rejects.toThrow(refusal);
  await permit();
  await expect(signIn({ region, accessRole })).resolves.toMatchObject({ region });
});
