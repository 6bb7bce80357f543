import { expect, test } from "@jest/globals";
import * as rules from "@keyspaces-segmentation/sagemaker-kmeans/dist/rules.js";

const folder = { bucket: "work-bucket", prefix: "a/b" };

test.each([
  ["role", () => rules.requireRole("arn:aws:iam::123456789012:user/x")],
  ["role", () => rules.requireRole("LocalDataScientist")],
  ["instanceType", () => rules.requireInstanceType("m5.large")],
  ["bucket", () => rules.requireFolder({ ...folder, bucket: "Work" })],
  ["bucket", () => rules.requireFolder({ ...folder, bucket: "a/b" })],
  ["prefix", () => rules.requireFolder({ ...folder, prefix: "/a" })],
  ["prefix", () => rules.requireFolder({ ...folder, prefix: "a//b" })],
  ["prefix", () => rules.requireFolder({ ...folder, prefix: "a".repeat(841) })],
  ["outputKmsKey", () => rules.requireKmsKey("outputKmsKey", "key with blanks")],
  ["outputKmsKey", () => rules.requireKmsKey("outputKmsKey", "")],
  ["volumeKmsKey", () => rules.requireVolumeKmsKey("abc", "ml.m5d.large")],
  ["volumeKmsKey", () => rules.requireVolumeKmsKey("abc", "ml.g4dn.xlarge")],
  ["volumeKmsKey", () => rules.requireVolumeKmsKey("abc", "ml.p5.48xlarge")],
  ["vpc.subnets", () => rules.requireVpc({ securityGroupIds: ["sg-1"], subnets: [] })],
  ["vpc.securityGroupIds", () => rules.requireVpc({ securityGroupIds: Array(6).fill("sg-1"), subnets: ["s"] })],
  ["vpc.securityGroupIds", () => rules.requireVpc({ securityGroupIds: ["sg_1"], subnets: ["s"] })],
  ["tags", () => rules.requireTags(Object.fromEntries(Array.from({ length: 51 }, (_, i) => [`t${i}`, ""])))],
  ["tags", () => rules.requireTags({ "aws:x": "y" })],
  ["tags", () => rules.requireTags({ "": "y" })],
  ["tags[a]", () => rules.requireTags({ a: "#" })],
  ["tags[a]", () => rules.requireTags({ a: "x".repeat(257) })],
])("refused: %s", (name, check) => {
  expect(check).toThrow(`Expected \`${name}\` to be `);
});

test("accepted: what SageMaker accepts", () => {
  rules.requireRole("arn:aws-us-gov:iam::123456789012:role/service-role/AmazonSageMaker-ExecutionRole-20260101T000000");
  rules.requireInstanceType("ml.m7i-flex.large");
  rules.requireFolder(folder);
  rules.requireKmsKey("key", undefined);
  rules.requireKmsKey("key", "alias/segmentation");
  for (const type of ["ml.m5.large", "ml.c5n.xlarge", "ml.r8i.large", "ml.t3.medium"]) {
    rules.requireVolumeKmsKey("abc", type);
  }
  rules.requireVpc(undefined);
  rules.requireTags({ Größe: "über alles", "a/b:c=d+e-f@g": "" });
});
