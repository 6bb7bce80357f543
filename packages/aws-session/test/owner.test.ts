import { expect, test } from "@jest/globals";
import { ownerOf } from "@keyspaces-segmentation/aws-session/dist/session.js";

const session = (name: string) => `arn:aws:sts::123456789012:assumed-role/Analyst/${name}`;

test.each([
  ["arn:aws:iam::123456789012:user/ann", "arn:aws:iam::123456789012:user/ann"],
  [session("ann@shop.example"), session("ann@shop.example")],
  [session("ann,team=1"), session("ann_team=1")],
  [session("SageMaker"), session("SageMaker")],
  [session("botocore-session-1764350000"), "arn:aws:sts::123456789012:assumed-role/Analyst"],
  [session("aws-sdk-js-session-1764350000123"), "arn:aws:sts::123456789012:assumed-role/Analyst"],
  [session("i-0abcdef1234567890"), "arn:aws:sts::123456789012:assumed-role/Analyst"],
])("%s is %s in every run", (arn, owner) => {
  expect(ownerOf({ arn })).toBe(owner);
});

test("is no longer than a tag", () => {
  expect(ownerOf({ arn: `arn:aws:iam::123456789012:user/${"a".repeat(500)}` })).toHaveLength(256);
});
