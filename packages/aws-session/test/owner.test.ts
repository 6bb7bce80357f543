import { expect, test } from "@jest/globals";
import { ownerOf } from "@keyspaces-segmentation/aws-session/dist/session.js";

const role = "arn:aws:sts::123456789012:assumed-role/Analyst";
const session = (name: string) => `${role}/${name}`;

test.each([
  ["arn:aws:iam::123456789012:user/ann", "arn:aws:iam::123456789012:user/ann"],
  [session("ann@shop.example"), session("ann@shop.example")],
  [session("ann,team=1"), session("ann_team=1")],
  [session("SageMaker"), session("SageMaker")],
  [session("GitHubActions"), session("GitHubActions")],
  [session("monthly-segmentation"), session("monthly-segmentation")],
  // What a tool has made up for the moment, or a machine is called, is not who it is.
  [session("botocore-session-1764350000"), role],
  [session("AWSCLI-Session-1764350000"), role],
  [session("aws-sdk-js-session-1764350000123"), role],
  [session("aws-go-sdk-1764350000123456789"), role],
  [session("ann-1764350000"), role],
  [session("1764350000123456789"), role],
  [session("i-0abcdef1234567890"), role],
  [session("i-0abcdef1"), role],
  [session("0123456789abcdef0123456789abcdef"), role],
  // Numbers that tell one person from another.
  ...["10012345", "10067890", "1764350000", "ann20261130", "ann-20261130", "12345678@shop.example"].map(
    (name) => [session(name), session(name)] as const,
  ),
  [session("user-0a1b2c3d-1111-4222-8333-123456789012"), session("user-0a1b2c3d-1111-4222-8333-123456789012")],
])("%s is %s in every run", (arn, owner) => {
  expect(ownerOf({ arn })).toBe(owner);
});

test("is no longer than a tag", () => {
  expect(ownerOf({ arn: `arn:aws:iam::123456789012:user/${"a".repeat(500)}` })).toHaveLength(256);
});
