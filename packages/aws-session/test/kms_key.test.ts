import { expect, test } from "@jest/globals";
import { keyArnOf } from "@keyspaces-segmentation/aws-session";

const here = { region: "eu-west-1", account: "123456789012" };
const id = "1234abcd-12ab-34cd-56ef-1234567890ab";
const arn = `arn:aws:kms:eu-west-1:123456789012:key/${id}`;

test.each<[string | null, string | null]>([
  [null, null],
  [id, arn],
  [arn, arn],
  [`arn:aws:kms:eu-west-1:999999999999:key/mrk-${id}`, `arn:aws:kms:eu-west-1:999999999999:key/mrk-${id}`],
])("%s is %s", (key, expected) => {
  expect(keyArnOf(here, key)).toBe(expected);
});

test("an id is of the partition that the region is in", () => {
  expect(keyArnOf({ ...here, region: "cn-north-1" }, id)).toBe(`arn:aws-cn:kms:cn-north-1:123456789012:key/${id}`);
});

test.each([
  ["alias/mine", /alias/, /describe-key --key-id alias\/mine/],
  ["alias/a b", /alias/, /describe-key --key-id 'alias\/a b' --query/],
  ["arn:aws:kms:eu-west-1:123456789012:alias/mine", /alias/, /describe-key/],
  [arn.replace("eu-west-1", "us-east-1"), /it is in us-east-1, and this run in eu-west-1/, /in eu-west-1/],
  ["arn:aws:s3:::bucket", /no ARN of a KMS key/, /eu-west-1/],
])("%s is refused, with what to do", (key, message, hint) => {
  let thrown: unknown;
  try {
    keyArnOf(here, key);
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toMatchObject({ message: expect.stringMatching(message), hint: expect.stringMatching(hint) });
});
