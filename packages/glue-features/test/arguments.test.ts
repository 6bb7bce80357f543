import { describe, expect, test } from "@jest/globals";
import { connectionArguments } from "@keyspaces-segmentation/glue-features/dist/features.js";
import { withEnvironment } from "../../../test/support/environment.js";

const aws = (region: string) => ({ region, arn: "arn:aws:iam::123456789012:user/jane", run: "2026-11-30" });
withEnvironment(() => ({}));
const nowhere = { keyspacesEndpoint: null, keyspacesCaFile: null };

test.each([
  ["eu-west-1", "cassandra.eu-west-1.amazonaws.com:9142"],
  ["cn-north-1", "cassandra.cn-north-1.amazonaws.com.cn:9142"],
  ["eusc-de-east-1", "cassandra.eusc-de-east-1.amazonaws.eu:9142"],
  ["us-iso-east-1", "cassandra.us-iso-east-1.c2s.ic.gov:9142"],
])("a job in %s is told to connect to %s", async (region, endpoint) => {
  expect(await connectionArguments(aws(region), nowhere, null)).toEqual({
    region,
    keyspaces_endpoint: endpoint,
    ca_file: null,
    kms_key: null,
    fips: null,
    made_for: "arn:aws:iam::123456789012:user/jane",
    run: "2026-11-30",
  });
});

test("an endpoint that the settings name is the one", async () => {
  const settings = { keyspacesEndpoint: { host: "vpce-1.example", port: 9143 }, keyspacesCaFile: "ca.pem" };
  expect(await connectionArguments(aws("eu-west-1"), settings, "alias/key")).toMatchObject({
    keyspaces_endpoint: "vpce-1.example:9143",
    ca_file: "ca.pem",
    kms_key: "alias/key",
  });
});

describe("where cryptography has to be validated by FIPS 140", () => {
  withEnvironment(() => ({ AWS_USE_FIPS_ENDPOINT: "true" }));

  test("a job is told the endpoint that has it, and none is started where there is no such endpoint", async () => {
    expect(await connectionArguments(aws("us-east-1"), nowhere, null)).toMatchObject({
      keyspaces_endpoint: "cassandra-fips.us-east-1.amazonaws.com:9142",
      fips: "true",
    });
    await expect(connectionArguments(aws("eu-west-1"), nowhere, null)).rejects.toThrow(
      "Could not find the FIPS endpoint of Amazon Keyspaces in eu-west-1",
    );
  });
});
