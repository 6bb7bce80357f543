import { expect, test } from "@jest/globals";
import { storeFile } from "@keyspaces-segmentation/glue-features/dist/script_files.js";
import { withEnvironment } from "../../../test/support/environment.js";
import { startScriptedAws } from "../../../test/support/scripted_aws.js";
import { sessionOf } from "../../../test/support/session.js";

withEnvironment(() => ({}));

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html, "Permissions": 403 without s3:ListBucket, 404 with it.
test.each([
  [403, ["HEAD", "PUT"]],
  [404, ["HEAD", "PUT"]],
  [200, ["HEAD"]],
])("of a file that S3 answers %d of, it is asked %j", async (status, asked) => {
  const s3 = await startScriptedAws(() => [status, ""]);
  process.env.AWS_ENDPOINT_URL = s3.url;
  try {
    const uri = await storeFile(sessionOf(), __filename, { bucket: "b", prefix: "p", kmsKey: null }, { hint: "" });
    expect(uri).toMatch(/^s3:\/\/b\/p\/jobs\/[0-9a-f]{16}\/script_files\.test\.js$/);
    expect(s3.requests.map(({ operation }) => operation)).toEqual(asked);
  } finally {
    await s3.stop();
  }
});
