import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "@keyspaces-segmentation/local-support";
import { type PolicyParameters, renderPolicy } from "../../local/policies.js";

/** Values for all that the policies leave open. */
export const parameters: PolicyParameters = {
  "AWS::Partition": "aws",
  "AWS::Region": "us-east-1",
  "AWS::AccountId": "123456789012",
  Keyspace: "blog_*",
  Table: "online_retail",
  Bucket: "my-segmentation",
  Prefix: "customer-segmentation",
  DataBucket: "sagemaker-sample-files",
  DataKey: "datasets/tabular/online_retail/online_retail_II_20k.csv",
  InstanceType: "ml.m5.large",
  TrainingRole: "SegmentationTraining",
  FeaturesRole: "SegmentationFeatures",
  NotebookRole: "SegmentationNotebook",
  AccessRole: "SegmentationAccess",
  ProjectRoleArn: "arn:aws:iam::123456789012:role/project",
  KeyId: "0d2f6f3c-7d1b-4c62-9a1e-0f5a3f9c1a2b",
};

/** A statement as it is written. */
export interface WrittenStatement {
  readonly Sid: string;
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource?: string | readonly string[];
}

export const listOf = (value: string | readonly string[] | undefined): readonly string[] =>
  value === undefined ? [] : typeof value === "string" ? [value] : value;

export const statementsOf = (policy: string): readonly WrittenStatement[] =>
  renderPolicy(policy, parameters).Statement as WrittenStatement[];

/** The rows of a table in infra/README.md, by what its first heading is. */
export function tableOf(heading: string): string[][] {
  const lines = readFileSync(join(ROOT, "infra", "README.md"), "utf8").split("\n");
  const start = lines.findIndex((line) => line.startsWith(`| ${heading} |`));
  const rows = lines.slice(start + 2);
  return rows.slice(0, rows.indexOf("")).map((row) =>
    row
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}
