import { rm } from "node:fs/promises";
import { dirname } from "node:path";
import { afterAll, afterEach, describe, expect, test } from "@jest/globals";
import { downloadRetailData } from "../../src/retail_data.js";
import { readSettings } from "../../src/settings.js";
import { withEnvironment } from "../support/environment.js";
import { type ScriptedAws, startScriptedAws } from "../support/scripted_aws.js";
import { sessionOf } from "../support/session.js";

let aws: ScriptedAws | undefined;
withEnvironment(() => ({}));
afterEach(() => aws?.stop());

let path: string | undefined;
afterAll(async () => {
  if (path) await rm(dirname(path), { recursive: true });
});

const settingsOf = (dataBucket: string) => readSettings({ dataBucket, dataKey: "folder/data.csv" }, {});

describe("the sample's public bucket", () => {
  test.each([
    ["cn-north-1", "aws-cn"],
    ["us-gov-west-1", "aws-us-gov"],
    ["eusc-de-east-1", "aws-eusc"],
  ])("is not asked for from %s, where a bucket of that name would be somebody else's", async (region, partition) => {
    aws = await startScriptedAws(() => [200, "a,b\n"]);
    process.env.AWS_ENDPOINT_URL = aws.url;
    await expect(downloadRetailData(sessionOf({ region }), settingsOf("sagemaker-sample-files"))).rejects.toMatchObject(
      {
        message:
          `Could not read the sample in s3://sagemaker-sample-files from ${region}: AWS keeps it in the partition aws, which ` +
          `credentials of the partition ${partition} cannot read.`,
        hint: expect.stringContaining("`dataBucket`"),
      },
    );
    expect(aws.requests).toEqual([]);
    const own = await downloadRetailData(sessionOf({ region }), settingsOf("own-bucket"));
    path = own.path;
    expect(own).toMatchObject({ bytes: 4, currency: null });
  });

  test("is asked for from the commercial regions", async () => {
    aws = await startScriptedAws(() => [200, "a,b\n"]);
    process.env.AWS_ENDPOINT_URL = aws.url;
    const data = await downloadRetailData(sessionOf({ region: "eu-west-1" }), settingsOf("sagemaker-sample-files"));
    expect(data).toMatchObject({
      uri: "s3://sagemaker-sample-files/folder/data.csv",
      bytes: 4,
      generated: false,
      currency: "GBP",
    });
  });
});
