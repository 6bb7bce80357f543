import { afterEach, describe, expect, test } from "@jest/globals";
import { assignByBatchTransform } from "@keyspaces-segmentation/sagemaker-kmeans/dist/batch_transform.js";
import { withEndpoint } from "@keyspaces-segmentation/sagemaker-kmeans/dist/endpoint.js";
import { trainKMeans } from "@keyspaces-segmentation/sagemaker-kmeans/dist/training_job.js";
import { withEnvironment } from "../../../test/support/environment.js";
import { useQuickPauses } from "../../../test/support/quick_pauses.js";
import { model, trainingRequest, transformRequest } from "../../../test/support/sagemaker_requests.js";
import { type ScriptedAws, startScriptedAws } from "../../../test/support/scripted_aws.js";
import { sessionOf } from "../../../test/support/session.js";

let aws: ScriptedAws | undefined;
withEnvironment(() => ({}));
useQuickPauses();
afterEach(() => aws?.stop());

const instanceType = "ml.p2.xlarge";
const works = {
  CreateTrainingJob: () => trainKMeans(sessionOf(), { ...trainingRequest, instanceType }),
  CreateTransformJob: () => assignByBatchTransform(sessionOf(), { ...transformRequest, instanceType }),
  CreateEndpointConfig: () =>
    withEndpoint(sessionOf(), { ...model, hosting: { kind: "instance", instanceType } }, async () => undefined),
};

async function failureOf(operation: keyof typeof works, name: string, message: string) {
  aws = await startScriptedAws((request) =>
    request.operation === operation ? [400, { __type: name, message }] : [200, {}],
  );
  process.env.AWS_ENDPOINT_URL = aws.url;
  return works[operation]().then(
    () => undefined,
    (error: { message: string; hint?: string }) => error,
  );
}

const limit = (count: number) =>
  `The account-level service limit 'ml.p2.xlarge for training job usage' is ${count} Instances, with current utilization of ${count} ` +
  "Instances and a request delta of 1 Instances. Please contact AWS support to request an increase for this limit.";
const enumeration =
  "1 validation error detected: Value 'ml.p2.xlarge' at 'resourceConfig.instanceType' failed to satisfy constraint: Member must " +
  "satisfy enum value set: [ml.m5.large]";

describe.each(Object.keys(works) as (keyof typeof works)[])("%s", (operation) => {
  test.each([
    ["ResourceLimitExceeded", "The requested resource training-job/ml.p2.xlarge is not available in this region"],
    ["ValidationException", "Unsupported instance type ml.p2.xlarge"],
    ["ValidationException", enumeration],
  ])("%s, %s: the region does not have the type, and no quota helps", async (name, message) => {
    const failure = await failureOf(operation, name, message);
    expect(failure?.message).toContain(`${name}: ${message}`);
    expect(failure?.message.split("ml.p2.xlarge")).toHaveLength(2);
    expect(failure?.hint).toContain("SageMaker has no ml.p2.xlarge for this in us-east-1: no quota helps.");
    expect(failure?.hint).not.toMatch(/higher quota/);
  });

  test("a quota of none is told as a quota, or as a type that is not there", async () => {
    const { hint } = (await failureOf(operation, "ResourceLimitExceeded", limit(0))) ?? {};
    expect(hint).toMatch(
      /higher quota "ml\.p2\.xlarge for training job usage".*not listed there, us-east-1 does not have/,
    );
  });

  test("a quota that is used up is told as a quota only", async () => {
    const { hint } = (await failureOf(operation, "ResourceLimitExceeded", limit(2))) ?? {};
    expect(hint).toMatch(/higher quota.*wait until other jobs have ended/);
    expect(hint).not.toMatch(/does not have/);
  });
});
