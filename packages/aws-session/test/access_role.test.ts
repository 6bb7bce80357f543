import { CreateRoleCommand, PutRolePolicyCommand, UpdateAssumeRolePolicyCommand } from "@aws-sdk/client-iam";
import { ListBucketsCommand } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import {
  assumedCredentials,
  principalOf,
  sessionNameFor,
} from "@keyspaces-segmentation/aws-session/dist/access_role.js";
import { s3Of } from "@keyspaces-segmentation/aws-session/dist/clients.js";
import { signIn } from "@keyspaces-segmentation/aws-session/dist/session.js";
import { StepError } from "@keyspaces-segmentation/common";
import { type RunningAws, region, startAws } from "../../../test/support/aws.js";
import { withEnvironment } from "../../../test/support/environment.js";

const ACCESS = "arn:aws:iam::123456789012:role/Access";
const document = (...Statement: object[]) => JSON.stringify({ Version: "2012-10-17", Statement });
const trusting = (principal: string) =>
  document({ Effect: "Allow", Principal: { AWS: principal }, Action: "sts:AssumeRole" });
const mayAssume = document({ Effect: "Allow", Action: "sts:AssumeRole", Resource: ACCESS });
const mayList = document({ Effect: "Allow", Action: "s3:ListAllMyBuckets", Resource: "*" });

let aws: RunningAws;
const trust = (PolicyDocument: string) =>
  aws.iam.send(new UpdateAssumeRolePolicyCommand({ RoleName: "Access", PolicyDocument }));
beforeAll(async () => {
  aws = await startAws(20, { withPolicies: true });
  const root = trusting("arn:aws:iam::123456789012:root");
  for (const [RoleName, PolicyDocument] of Object.entries({ Project: mayAssume, Access: mayList })) {
    await aws.iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: root }));
    await aws.iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: "own", PolicyDocument }));
  }
  aws.identities.push({
    ...aws.stranger,
    accessKeyId: "ASIAPROJECT000000000",
    arn: "arn:aws:sts::123456789012:assumed-role/Project/jane",
    permissions: "policies",
  });
});
afterAll(() => aws.stop());
withEnvironment(() => ({
  AWS_ENDPOINT_URL: aws.front.url,
  AWS_ACCESS_KEY_ID: "ASIAPROJECT000000000",
  AWS_SECRET_ACCESS_KEY: aws.stranger.secretAccessKey,
  AWS_SESSION_TOKEN: aws.stranger.sessionToken,
  AWS_MAX_ATTEMPTS: "1",
}));

const failureOf = (promise: Promise<unknown>): Promise<StepError> =>
  promise.then(
    () => Promise.reject(new Error("it worked")),
    (error: StepError) => error,
  );

describe("with an access role", () => {
  test("a session is one of that role, and may do what the role may", async () => {
    await expect(s3Of(await signIn({ region })).send(new ListBucketsCommand())).rejects.toThrow("s3:ListAllMyBuckets");
    const session = await signIn({ region, accessRole: ACCESS });
    expect(session).toMatchObject({
      account: "123456789012",
      arn: "arn:aws:sts::123456789012:assumed-role/Access/keyspaces-segmentation-jane",
    });
    await expect(s3Of(session).send(new ListBucketsCommand())).resolves.toBeDefined();
    const { expiration, accessKeyId } = await session.credentials();
    expect(accessKeyId).not.toBe("ASIAPROJECT000000000");
    expect(+expiration!).toBeGreaterThan(Date.now());
  });

  test("that does not trust who is signed in, the error has the statement to paste", async () => {
    await trust(trusting("arn:aws:iam::123456789012:role/Somebody"));
    const { message, hint = "" } = await failureOf(signIn({ region, accessRole: ACCESS }));
    await trust(trusting("arn:aws:iam::123456789012:role/Project"));
    expect(message).toMatch(
      /^Could not assume the role \S+:role\/Access as \S+:assumed-role\/Project\/jane: AccessDenied: User: \S+ is not authorized to perform: sts:AssumeRole on resource: \S+:role\/Access/,
    );
    expect(hint).not.toContain("\n");
    const [, statement = ""] = /trust policy of \S+: (\{.*?\}), and/.exec(hint) ?? [];
    await trust(document(JSON.parse(statement)));
    await expect(signIn({ region, accessRole: ACCESS })).resolves.toMatchObject({ region });
  });

  test("that who is signed in has no permission to assume, the error has that statement too", async () => {
    const named = { RoleName: "Project", PolicyName: "own" };
    await aws.iam.send(new PutRolePolicyCommand({ ...named, PolicyDocument: mayList }));
    await trust(trusting("arn:aws:iam::123456789012:root"));
    const { hint = "" } = await failureOf(signIn({ region, accessRole: ACCESS }));
    const [, statement = ""] = /to the policies of \S+: (\{.*\})$/.exec(hint) ?? [];
    await aws.iam.send(new PutRolePolicyCommand({ ...named, PolicyDocument: document(JSON.parse(statement)) }));
    await expect(signIn({ region, accessRole: ACCESS })).resolves.toMatchObject({ region });
  });
});

describe("the credentials of a role", () => {
  let clock = Date.now();
  async function assumed() {
    const credentials = jest.fn(async (_?: { forceRefresh?: boolean }) => aws.identity);
    await trust(trusting("arn:aws:iam::123456789012:root"));
    clock = Date.now();
    return {
      base: credentials,
      role: assumedCredentials({ region, credentials, arn: aws.identity.arn }, ACCESS, { now: () => clock }),
    };
  }

  test("are asked for once for all that want them, and kept for as long as they are good", async () => {
    const { role } = await assumed();
    const [first, second] = await Promise.all([role(), role()]);
    expect(second).toBe(first);
    clock += 54 * 60_000;
    expect(await role()).toBe(first);
  });

  test("are renewed before they end, and waited for after that", async () => {
    const { role } = await assumed();
    const first = await role();
    clock += 56 * 60_000;
    expect(await role()).toBe(first);
    // The renewal that this has begun is the one that is under way.
    clock += 5 * 60_000;
    const second = await role();
    expect(second.accessKeyId).not.toBe(first.accessKeyId);
  });

  test("are assumed anew where they were refused, with what whoever assumes it then has", async () => {
    const { base, role } = await assumed();
    const first = await role();
    expect((await role({ forceRefresh: true })).accessKeyId).not.toBe(first.accessKeyId);
    expect(base).toHaveBeenCalledWith({ forceRefresh: true });
  });

  test("that cannot be renewed are an error once they have ended, until they can", async () => {
    const { role } = await assumed();
    const first = await role();
    await trust(trusting("arn:aws:iam::123456789012:role/Somebody"));
    clock += 58 * 60_000;
    expect(await role()).toBe(first);
    clock += 3 * 60_000;
    for (let look = 0; look < 2; look++) await expect(role()).rejects.toBeInstanceOf(StepError);
    await trust(trusting("arn:aws:iam::123456789012:root"));
    expect((await role()).accessKeyId).not.toBe(first.accessKeyId);
  });
});

test.each([
  ["arn:aws:sts::123456789012:assumed-role/Project/jane@shop.example", "keyspaces-segmentation-jane@shop.example"],
  ["arn:aws:sts::123456789012:assumed-role/Project/botocore-session-1700000000", "keyspaces-segmentation"],
  ["arn:aws:sts::123456789012:assumed-role/Project/10012345", "keyspaces-segmentation-10012345"],
  ["arn:aws:sts::123456789012:assumed-role/Project/i-0123456789abcdef0", "keyspaces-segmentation"],
  ["arn:aws:iam::123456789012:user/people/jane", "keyspaces-segmentation-jane"],
  ["arn:aws:iam::123456789012:root", "keyspaces-segmentation"],
])("%s assumes it as %s", (arn, name) => {
  expect(sessionNameFor(arn)).toBe(name);
});

test.each([
  ["arn:aws-cn:sts::123456789012:assumed-role/Project/jane", "arn:aws-cn:iam::123456789012:role/Project"],
  [
    "arn:aws:sts::123456789012:assumed-role/AmazonSageMaker-ExecutionRole-7/SageMaker",
    "arn:aws:iam::123456789012:role/service-role/AmazonSageMaker-ExecutionRole-7",
  ],
  ["arn:aws:iam::123456789012:user/jane", "arn:aws:iam::123456789012:user/jane"],
])("a trust policy names %s as %s", (arn, principal) => {
  expect(principalOf(arn)).toBe(principal);
});
