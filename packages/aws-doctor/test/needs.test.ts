import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { type Needs, neededStatements } from "@keyspaces-segmentation/aws-doctor/dist/needs.js";
import { ROOT } from "@keyspaces-segmentation/local-support";
import { tableOf } from "../../../test/infra/infra.js";

const aws = { region: "cn-north-1", account: "123456789012" };
const needs: Needs = {
  policies: join(ROOT, "infra", "iam"),
  keyspace: "blog_20261129",
  keyspacePattern: "blog_*",
  table: "online_retail",
  bucket: null,
  prefix: "p",
  dataBucket: "shop",
  dataKey: "lines.csv",
  instanceType: "ml.m5.large",
  scoring: "endpoint",
  kmsKey: "arn:aws-cn:kms:cn-north-1:123456789012:key/a-key",
  executionRole: null,
  engine: "spark",
};
const found = { bucket: "", role: "arn:aws-cn:iam::123456789012:role/service-role/Training" };

test("statements are filled in with what the run uses; asked about is one of the things that a pattern stands for", () => {
  const bySid = new Map(neededStatements(aws, needs, found).map((each) => [each.statement.Sid, each]));
  expect(bySid.get("KeyspacesRows")).toMatchObject({
    statement: { Resource: "arn:aws-cn:cassandra:cn-north-1:123456789012:/keyspace/blog_*/table/*" },
    asked: { Resource: "arn:aws-cn:cassandra:cn-north-1:123456789012:/keyspace/blog_20261129/table/doctor" },
  });
  expect(bySid.get("Objects")?.statement.Resource).toBe("arn:aws-cn:s3:::sagemaker-cn-north-1-123456789012/p/*");
  expect(bySid.get("PassTrainingRole")?.statement.Resource).toBe(found.role);
  expect(bySid.get("KeyForTables")?.statement.Resource).toBe(needs.kmsKey);
  expect(bySid.get("ListOfBuckets")?.asked.Resource).toBe("*");
});

test.each([
  ["local", null, []],
  ["batch_transform", null, ["BatchTransform", "ScoringModel", "TagScoring", "WatchBatchTransform"]],
  [
    "endpoint",
    null,
    [
      "DeleteEndpoint",
      "DeleteEndpointConfig",
      "Endpoint",
      "EndpointConfig",
      "ScoringModel",
      "TagScoring",
      "UseEndpoint",
    ],
  ],
] as const)("with scoring %s, the statements for that are asked for", (scoring, kmsKey, sids) => {
  const own = neededStatements(aws, { ...needs, scoring: "local", kmsKey }, found).map(
    ({ statement }) => statement.Sid,
  );
  const all = neededStatements(aws, { ...needs, scoring, kmsKey }, found).map(({ statement }) => statement.Sid);
  expect(all.filter((sid) => !own.includes(sid)).sort()).toEqual(sids);
});

test("with Spark, its statements are asked for, for the role that its job runs as", () => {
  const of = (more: Partial<Needs>) =>
    neededStatements(aws, { ...needs, ...more }, found).map(({ statement }) => statement);
  const sids = ["SparkJob", "TagSpark", "SparkRun", "FindFeaturesRole", "PassFeaturesRole"];
  const own = of({ engine: "node" }).map(({ Sid }) => Sid);
  expect(
    of({})
      .map(({ Sid }) => Sid)
      .filter((sid) => !own.includes(sid)),
  ).toEqual(sids);
  const passing = (more: Partial<Needs>) => of(more).find(({ Sid }) => Sid === "PassFeaturesRole")?.Resource;
  expect(passing({})).toBe(found.role);
  expect(passing({ sparkRole: "Features" })).toBe("arn:aws-cn:iam::123456789012:role/Features");
});

test("each statement shows in the step that infra/README.md says", () => {
  const documented = new Map(
    tableOf("policy").flatMap(([, sids = "", step = ""]) => sids.split(", ").map((sid) => [sid, step] as const)),
  );
  for (const { statement, step } of neededStatements(aws, needs, found)) {
    const [, number] = /^step (\d)$/.exec(step) ?? [];
    const expected = number === undefined ? step : `${number}. `;
    expect(documented.get(statement.Sid)?.startsWith(expected) && statement.Sid).toBe(statement.Sid);
  }
});
