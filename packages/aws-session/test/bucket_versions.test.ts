import { expect, test } from "@jest/globals";
import { type AwsSession, isDenied } from "@keyspaces-segmentation/aws-session";
import {
  abortUpload,
  deleteVersions,
  uploadsUnder,
  versionsUnder,
} from "@keyspaces-segmentation/aws-session/dist/bucket_versions.js";
import { withEnvironment } from "../../../test/support/environment.js";
import { startScriptedAws } from "../../../test/support/scripted_aws.js";
import { sessionOf } from "../../../test/support/session.js";

withEnvironment(() => ({}));

const at = { bucket: "b", prefix: "p/" };
const refusal = "<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>";
// Which permission a request takes: https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
test.each([
  ["ListBucketVersions", 403, refusal, (aws: AwsSession) => versionsUnder(aws, at, undefined)],
  ["ListBucketMultipartUploads", 403, refusal, (aws: AwsSession) => uploadsUnder(aws, at, undefined)],
  ["AbortMultipartUpload", 403, refusal, (aws: AwsSession) => abortUpload(aws, "b", { key: "p/a", id: "1" })],
  ["DeleteObjectVersion", 403, refusal, (aws: AwsSession) => deleteVersions(aws, "b", [{ key: "p/a", version: "1" }])],
  [
    "DeleteObjectVersion",
    200,
    `<DeleteResult>${refusal.replace("<Code>", "<Key>p/a</Key><Code>")}</DeleteResult>`,
    (aws: AwsSession) => deleteVersions(aws, "b", [{ key: "p/a", version: "1" }]),
  ],
] as const)("who lacks s3:%s, told by %d, is told which permission that is", async (permission, status, body, ask) => {
  const s3 = await startScriptedAws(() => [status, body]);
  process.env.AWS_ENDPOINT_URL = s3.url;
  try {
    const error = await ask(sessionOf()).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      message: expect.stringContaining("AccessDenied"),
      hint: expect.stringMatching(new RegExp(`^The signed-in identity needs .*s3:${permission} on the bucket b\\.$`)),
    });
    expect(isDenied(error)).toBe(true);
  } finally {
    await s3.stop();
  }
});

test("what is known by what it was made of goes first, and keeps that from going where it does not", async () => {
  const body = `<DeleteResult>${refusal.replace("<Code>", "<Key>p/output/a.out</Key><Code>")}</DeleteResult>`;
  const s3 = await startScriptedAws(() => [200, body]);
  process.env.AWS_ENDPOINT_URL = s3.url;
  const of = (key: string, isOfService: boolean) => ({ key, version: "1", isOfService });
  const deleting = deleteVersions(sessionOf(), "b", [of("p/input/a", false), of("p/output/a.out", true)]);
  await expect(deleting)
    .rejects.toThrow("AccessDenied")
    .finally(() => s3.stop());
  expect(s3.requests.map(({ body: asked }) => asked.match(/<Key>.*?<\/Key>/g))).toEqual([
    ["<Key>p/output/a.out</Key>"],
  ]);
});
