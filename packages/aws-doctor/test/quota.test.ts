import { afterEach, expect, test } from "@jest/globals";
import { checkQuota } from "@keyspaces-segmentation/aws-doctor/dist/quota.js";
import { withEnvironment } from "../../../test/support/environment.js";
import { type ScriptedAnswer, type ScriptedAws, startScriptedAws } from "../../../test/support/scripted_aws.js";
import { sessionOf } from "../../../test/support/session.js";

let aws: ScriptedAws | undefined;
afterEach(() => aws?.stop());
withEnvironment(() => ({}));

async function checked(answer: ScriptedAnswer, instanceType = "ml.m5.large") {
  aws = await startScriptedAws(() => answer);
  process.env.AWS_ENDPOINT_URL = aws.url;
  const { state = "ok", detail, todo } = await checkQuota(sessionOf(), instanceType);
  return { state, detail, todo, asked: aws.requests };
}

test("a quota that there is is ok, asked for in one signed request", async () => {
  const { state, detail, asked } = await checked([200, { Quota: { Value: 4 } }]);
  expect({ state, detail }).toEqual({ state: "ok", detail: '"ml.m5.large for training job usage" is 4' });
  expect(asked).toHaveLength(1);
  expect(JSON.parse(asked[0]!.body)).toEqual({ ServiceCode: "sagemaker", QuotaCode: "L-611FA074" });
  expect(asked[0]!.headers).toMatchObject({
    "x-amz-target": "ServiceQuotasV20190624.GetServiceQuota",
    authorization: expect.stringMatching(/^AWS4-HMAC-SHA256 Credential=AKIAEXAMPLE\/\d{8}\/us-east-1\/servicequotas\//),
  });
});

test("a quota of 0, as new accounts have, is to do", async () => {
  expect(await checked([200, { Quota: { Value: 0 } }])).toMatchObject({
    state: "to do",
    todo: expect.stringContaining("Service Quotas console"),
  });
});

test("one that may not be asked for, or has no code here, is unchecked", async () => {
  const denied = { __type: "AccessDeniedException", message: "no" };
  expect(await checked([400, denied])).toMatchObject({
    state: "unchecked",
    detail: expect.stringContaining("(without servicequotas:GetServiceQuota"),
  });
  await aws?.stop();
  expect(await checked([500, { __type: "InternalFailure", message: "no" }])).toMatchObject({
    state: "unchecked",
    detail: expect.stringContaining("(InternalFailure: no)"),
  });
  await aws?.stop();
  const { state, asked } = await checked([200, {}], "ml.c5.xlarge");
  expect({ state, asked }).toEqual({ state: "unchecked", asked: [] });
});
