import { expect, test } from "@jest/globals";
import { accountsIn, mask } from "../../../local/share/mask.js";

const A = "123456789012";
const B = "998877665544";

test.each([
  { text: `arn:aws:iam::${A}:role/service-role/Shop`, accounts: [A] },
  { text: `arn:aws-cn:sagemaker:cn-north-1:${A}:training-job/x`, accounts: [A] },
  { text: `"s3://sagemaker-us-gov-west-1-${A}/a"`, accounts: [A] },
  { text: `arn:aws:kms:eu-west-1:${B}:key/1 and sagemaker-us-east-1-${A}`, accounts: [A, B] },
  { text: `${A},Germany,${B}`, accounts: [] },
  { text: `arn:aws:s3:::my-bucket/${A} sagemaker-sample-files-${A}`, accounts: [] },
])("accounts are known from $text", ({ text, accounts }) => {
  expect(accountsIn([text])).toEqual(accounts);
});

const N = "account-0001";

test.each([
  { where: "an ARN", text: `arn:aws:iam::${A}:role/Shop`, masked: `arn:aws:iam::${N}:role/Shop` },
  { where: "a bucket", text: `s3://sagemaker-us-east-1-${A}/x`, masked: `s3://sagemaker-us-east-1-${N}/x` },
  { where: "plain text", text: `account ${A}, ${A}.`, masked: `account ${N}, ${N}.` },
  { where: "the console's writing", text: "1234-5678-9012", masked: N },
  { where: "a registry", text: `${A}.dkr.ecr.us-east-1.amazonaws.com`, masked: `${N}.dkr.ecr.us-east-1.amazonaws.com` },
  {
    where: "JSON and HTML",
    text: `"\\"${A}\\"\\n" &#39;${A}&#39; <b>${A}</b>`,
    masked: `"\\"${N}\\"\\n" &#39;${N}&#39; <b>${N}</b>`,
  },
  {
    where: "escapes",
    text: `arn%3A%3A${A}%3Ax %20${A} \\u0022${A}\\u0022`,
    masked: `arn%3A%3A${N}%3Ax %20${N} \\u0022${N}\\u0022`,
  },
  {
    where: "an access key",
    text: "ASIAABCDEFGHIJKLMNOP AKIA0123456789ABCDEF.",
    masked: `ASIA${"*".repeat(16)} AKIA${"*".repeat(16)}.`,
  },
])("masked in $where", ({ text, masked }) => {
  expect(mask(text, [A])).toBe(masked);
});

test("other numbers and words stay as they are", () => {
  const text = `${B},1${A},${A}3,0.${A},${A}.5,1234-56789012,XASIAABCDEFGHIJKLMNOP,ASIAABCDEFGHIJKLMNOPQ,ASIA`;
  expect(mask(text, [A])).toBe(text);
});

test("two accounts stay two", () => {
  expect(mask(`${B} ${A} ${B}`, [A, B])).toBe("account-0002 account-0001 account-0002");
});
