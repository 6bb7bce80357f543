import { execFileSync } from "node:child_process";
import { expect, test } from "@jest/globals";
import { partitionOf } from "@keyspaces-segmentation/aws-session/dist/partition.js";
import { endpointOf } from "@keyspaces-segmentation/keyspaces-bulk/dist/connect.js";
import { PYTHON } from "@keyspaces-segmentation/local-support";
import { role as roleRule } from "@keyspaces-segmentation/sagemaker-kmeans/dist/rules.js";
import { readSettings } from "../../../src/settings.js";

interface Partitions {
  partitions: { id: string; outputs: { dnsSuffix: string }; regions: Record<string, unknown> }[];
}

// What AWS's other clients know, a second source beside the table.
const script =
  "import botocore, os; print(open(os.path.join(os.path.dirname(botocore.__file__), 'data', 'partitions.json')).read())";
const { partitions } = JSON.parse(execFileSync(PYTHON, ["-c", script], { encoding: "utf8" })) as Partitions;
const regions = partitions.flatMap(({ id, outputs, regions }) =>
  Object.keys(regions)
    .filter((region) => !region.endsWith("-global"))
    .map((region) => [region, id, outputs.dnsSuffix] as const),
);

test("there are regions of every partition to compare with", () => {
  expect(regions.length).toBeGreaterThan(40);
  expect(partitions.map(({ id }) => id)).toEqual(expect.arrayContaining(["aws", "aws-cn", "aws-us-gov", "aws-eusc"]));
});

test.each(regions)("%s is in %s, whose services end in %s", (region, id, suffix) => {
  expect(partitionOf(region)).toEqual({ id, suffix });
  expect(endpointOf(region)).toEqual({ host: `cassandra.${region}.${suffix}`, port: 9142 });
  expect(readSettings({ dataBucket: "b-b", dataKey: "k" }, { AWS_REGION: region }).region).toBe(region);
  const role = `arn:${id}:iam::123456789012:role/service-role/R`;
  expect(() => roleRule("role", role, undefined)).not.toThrow();
  const parameters = { dataBucket: "b-b", dataKey: "k", executionRole: role };
  expect(
    readSettings({ ...parameters, kmsKey: `arn:${id}:kms:${region}:123456789012:key/k` }, {}).parameters,
  ).toMatchObject(parameters);
});

test("FIPS endpoints are where there are some, and a region without one is refused in words", () => {
  expect(endpointOf("us-west-2", true).host).toBe("cassandra-fips.us-west-2.amazonaws.com");
  expect(endpointOf("us-gov-west-1", true).host).toBe("cassandra.us-gov-west-1.amazonaws.com");
  expect(() => endpointOf("eu-west-1", true)).toThrow(
    "Could not find the FIPS endpoint of Amazon Keyspaces in eu-west-1",
  );
});
