import { expect, test } from "@jest/globals";
import type { Matrix } from "@keyspaces-segmentation/kmeans";
import * as rules from "@keyspaces-segmentation/sagemaker-kmeans/dist/rules.js";

const on = (instanceType: string) => ({ instanceType });

test.each<
  [name: string, rule: rules.Rule<string, { instanceType: string }>, value: string, request?: { instanceType: string }]
>([
  ["role", rules.role, "arn:aws:iam::123456789012:user/x"],
  ["role", rules.role, "LocalDataScientist"],
  ["instanceType", rules.instanceType, "m5.large"],
  ["bucket", rules.bucket, "Work"],
  ["bucket", rules.bucket, "a/b"],
  ["prefix", rules.prefix, "/a"],
  ["prefix", rules.prefix, "a//b"],
  ["prefix", rules.prefix, "a".repeat(841)],
  ["outputKmsKey", rules.kmsKey, "key with blanks"],
  ["outputKmsKey", rules.kmsKey, ""],
  ["volumeKmsKey", rules.volumeKmsKey, "abc", on("ml.m5d.large")],
  ["volumeKmsKey", rules.volumeKmsKey, "abc", on("ml.g4dn.xlarge")],
  ["volumeKmsKey", rules.volumeKmsKey, "abc", on("ml.p5.48xlarge")],
])("refused: %s, %#", (name, rule, value, request = on("ml.m5.large")) => {
  expect(() => rule(name, value, request)).toThrow(`Expected \`${name}\` to be `);
});

test("accepted: what SageMaker accepts", () => {
  const arn = "arn:aws-us-gov:iam::123456789012:role/service-role/AmazonSageMaker-ExecutionRole-20260101T000000";
  rules.role("role", arn, undefined);
  rules.instanceType("instanceType", "ml.m7i-flex.large", undefined);
  rules.bucket("bucket", "work-bucket", undefined);
  rules.prefix("prefix", "a/b", undefined);
  rules.optional(rules.kmsKey)("key", undefined, undefined);
  rules.kmsKey("key", "alias/segmentation", undefined);
  for (const type of ["ml.m5.large", "ml.c5n.xlarge", "ml.r8i.large", "ml.t3.medium"]) {
    rules.volumeKmsKey("key", "abc", on(type));
  }
});

test("a field that is not left out has to be there, and of the right kind", () => {
  const given = { role: undefined as never, on: "false" as never };
  expect(() => rules.requireAll(given, { role: rules.role, on: rules.flag })).toThrow(
    "Expected `role` to be the ARN of an execution role, got undefined",
  );
  expect(() => rules.requireAll(given, { role: rules.optional(rules.role), on: rules.flag })).toThrow(
    'Expected `on` to be true or false, got "false"',
  );
});

test("what 32 bits cannot hold is refused", () => {
  const matrix = (value: number): Matrix => ({ values: Float64Array.of(0, value), rows: 1, columns: 2 });
  expect(() => rules.float32("features", matrix(3.4e38), undefined)).not.toThrow();
  for (const value of [3.5e38, -1e300, Number.NaN]) {
    expect(() => rules.float32("features", matrix(value), undefined)).toThrow(
      "Expected `features` to be finite in row 0, column 1",
    );
  }
});
