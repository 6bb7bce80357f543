import { expect, test } from "@jest/globals";
import { MalformedPolicyDocument, type PolicyKind, readPolicy } from "@keyspaces-segmentation/iam-local";

const statement = { Effect: "Allow", Action: "s3:GetObject", Resource: "*" };
const trust = { Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "sagemaker.amazonaws.com" } };
const policy = (written: object) => ({ Version: "2012-10-17", Statement: [written] });

test.each<[string, unknown, PolicyKind?]>([
  ["no JSON", "{"],
  ["no object", "[]"],
  ["an unknown version", { Version: "2020-01-01", Statement: [statement] }],
  ["no statement", { Version: "2012-10-17" }],
  ["an empty list of statements", { Version: "2012-10-17", Statement: [] }],
  ["an element that policies do not have", { ...policy(statement), Comment: "x" }],
  ["an element that statements do not have", policy({ ...statement, Comment: "x" })],
  ["another effect", policy({ ...statement, Effect: "allow" })],
  ["no action", policy({ Effect: "Allow", Resource: "*" })],
  ["an empty list of actions", policy({ ...statement, Action: [] })],
  ["Action and NotAction", policy({ ...statement, NotAction: "s3:*" })],
  ["an action without its service", policy({ ...statement, Action: "GetObject" })],
  ["no resource", policy({ Effect: "Allow", Action: "s3:GetObject" })],
  ["a resource that is no ARN", policy({ ...statement, Resource: "my-bucket" })],
  ["a principal in a policy of an identity", policy({ ...statement, Principal: "*" })],
  [
    "two statements of one Sid",
    {
      Version: "2012-10-17",
      Statement: [
        { ...statement, Sid: "A" },
        { ...statement, Sid: "A" },
      ],
    },
  ],
  ["a Sid with a space", policy({ ...statement, Sid: "A B" })],
  ["an unknown operator", policy({ ...statement, Condition: { StringSimilar: { "aws:userid": "a" } } })],
  [
    "an unknown set operator",
    policy({ ...statement, Condition: { "ForNoValues:StringEquals": { "aws:userid": "a" } } }),
  ],
  [
    "an operator with a suffix that it cannot have",
    policy({ ...statement, Condition: { NullIfExists: { "aws:userid": "true" } } }),
  ],
  ["a condition without a key", policy({ ...statement, Condition: { StringEquals: "aws:userid" } })],
  ["a key without a prefix", policy({ ...statement, Condition: { StringEquals: { userid: "a" } } })],
  ["a number that is none", policy({ ...statement, Condition: { NumericEquals: { "s3:max-keys": "ten" } } })],
  ["a network that is none", policy({ ...statement, Condition: { IpAddress: { "aws:SourceIp": "203.0.113.0/40" } } })],
  ["a truth that is none", policy({ ...statement, Condition: { Bool: { "aws:SecureTransport": "yes" } } })],
  ["a value that is no text", policy({ ...statement, Condition: { StringEquals: { "aws:userid": { a: 1 } } } })],
  ["no principal on a resource", policy(statement), "resource"],
  ["part of a principal", policy({ ...statement, Principal: { AWS: "arn:aws:iam::111122223333:role/*" } }), "resource"],
  ["a principal of no kind", policy({ ...statement, Principal: { Robot: "x" } }), "resource"],
  ["a resource in a trust policy", policy({ ...trust, Resource: "*" }), "trust"],
])("%s is refused in IAM's word", (_, document, kind = "identity") => {
  expect(() => readPolicy(document, { kind, name: "x" })).toThrow(MalformedPolicyDocument);
});

test("one statement need not be a list, and what conditions compare with need not be text", () => {
  const written = {
    Version: "2012-10-17",
    Statement: { ...statement, Condition: { Bool: { "aws:SecureTransport": true } } },
  };
  expect(readPolicy(JSON.stringify(written), { kind: "identity", name: "x" }).statements).toHaveLength(1);
  expect(readPolicy(policy(trust), { kind: "trust", name: "x" }).statements).toHaveLength(1);
});
