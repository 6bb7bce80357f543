import { describe, expect, test } from "@jest/globals";
import { trustOf } from "@keyspaces-segmentation/aws-session/dist/trust_policy.js";

const allow = { Effect: "Allow", Principal: { Service: "sagemaker.amazonaws.com" }, Action: "sts:AssumeRole" };
const us = { account: "123456789012", region: "us-east-1" };
const condition = { Condition: { StringEquals: { "aws:SourceVpc": "vpc-1" } } };
const fromUs = { "aws:SourceAccount": "123456789012" };
const sourced = (pattern: string) => ({
  Condition: { StringEquals: fromUs, ArnLike: { "aws:SourceArn": pattern } },
});
const documentOf = (...Statement: object[]) => JSON.stringify({ Version: "2012-10-17", Statement });

describe("SageMaker may assume a role", () => {
  test.each<[string, string]>([
    ["whose trust policy names it", documentOf(allow)],
    ["as IAM gives the policy, URL-encoded", encodeURIComponent(documentOf(allow))],
    ["with one statement instead of a list", JSON.stringify({ Statement: allow })],
    [
      "among other services and actions",
      documentOf({
        ...allow,
        Principal: { Service: ["ec2.amazonaws.com", "sagemaker.amazonaws.com"], AWS: "arn:aws:iam::123456789012:root" },
        Action: ["sts:TagSession", "sts:AssumeRole"],
      }),
    ],
    ["for our account", documentOf({ ...allow, Condition: { StringEquals: fromUs } })],
    ["for SageMaker in our region", documentOf({ ...allow, ...sourced("arn:aws:sagemaker:us-east-1:123456789012:*") })],
    ["by a wildcard for the action", documentOf({ ...allow, Action: "STS:assume*" })],
    ["by every action but another", documentOf({ ...allow, Action: undefined, NotAction: "sts:TagSession" })],
    ["with everybody", documentOf({ ...allow, Principal: "*" })],
    ["with everybody, spelt otherwise", documentOf({ ...allow, Principal: { AWS: ["*"] } })],
    ["beside a statement with conditions", documentOf({ ...allow, ...condition }, allow)],
    ["where another service is denied", documentOf(allow, { ...allow, Effect: "Deny", Principal: { Service: "x.y" } })],
    ["where another action is denied", documentOf(allow, { ...allow, Effect: "Deny", Action: "sts:TagSession" })],
    ["with an empty condition", documentOf({ ...allow, Condition: {} })],
  ])("%s", (_, document) => expect(trustOf(document, us)).toEqual({ mayAssume: true }));
});

describe("SageMaker may not assume a role", () => {
  test.each<[string, string]>([
    ["that trusts nobody", documentOf()],
    ["that trusts people only", documentOf({ ...allow, Principal: { AWS: "arn:aws:iam::123456789012:root" } })],
    [
      "of IAM Identity Center",
      documentOf({
        Effect: "Allow",
        Principal: { Federated: "arn:aws:iam::123456789012:saml-provider/AWSSSO_0123456789abcdef_DO_NOT_DELETE" },
        Action: ["sts:AssumeRoleWithSAML", "sts:TagSession"],
        Condition: { StringEquals: { "SAML:aud": "https://signin.aws.amazon.com/saml" } },
      }),
    ],
    [
      "that trusts a service of a similar name",
      documentOf({ ...allow, Principal: { Service: "my.sagemaker.amazonaws.com" } }),
    ],
    ["that lets it do something else", documentOf({ ...allow, Action: "sts:AssumeRoleWithWebIdentity" })],
    ["that lets it do all but this", documentOf({ ...allow, Action: undefined, NotAction: ["sts:Assume*"] })],
    ["that denies it", documentOf(allow, { ...allow, Effect: "Deny" })],
    ["that denies everybody", documentOf(allow, { Effect: "Deny", Principal: "*", Action: "*" })],
  ])("%s", (_, document) => expect(trustOf(document, us).mayAssume).toBe(false));
});

describe("whether SageMaker may assume a role is unknown", () => {
  test.each<[string, string]>([
    ["for another region", documentOf({ ...allow, ...sourced("arn:aws:sagemaker:eu-west-1:123456789012:*") })],
    ["for jobs of one name", documentOf({ ...allow, ...sourced("arn:aws:sagemaker:*:*:training-job/x") })],
    ["under conditions", documentOf({ ...allow, ...condition })],
    ["where it is denied under conditions", documentOf(allow, { ...allow, ...condition, Effect: "Deny" })],
    ["where all but somebody are allowed", documentOf({ ...allow, Principal: undefined, NotPrincipal: { AWS: "x" } })],
    [
      "where the service is named for a partition",
      documentOf({ ...allow, Principal: { Service: "sagemaker.amazonaws.com.cn" } }),
    ],
    ["where the policy is no JSON", "%7Bnot"],
    ["where there is none", ""],
  ])("%s", (_, document) => expect(trustOf(document, us)).toEqual({ mayAssume: "unknown", why: expect.any(String) }));
});
