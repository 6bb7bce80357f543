import { expect, test } from "@jest/globals";
import { matrixOf } from "@keyspaces-segmentation/kmeans";
import { requireTrainingRequest } from "@keyspaces-segmentation/sagemaker-kmeans/dist/training_request.js";
import { guarded, kmsKey, trainingRequest } from "../../../test/support/sagemaker_requests.js";

test.each([
  [{ k: 0 }, "Expected `k` to be an integer from 1 to 2, got 0"],
  [{ k: 3 }, "Expected `k` to be an integer from 1 to 2, got 3"],
  [{ features: matrixOf([[], []]) }, "Expected `features.columns` to be 1 or more, got 0"],
  [{ features: matrixOf([[1], [Number.NaN]]) }, "Expected `features` to be finite in row 1, column 0, got NaN"],
  [{ features: matrixOf([[1], [1e300]]) }, "Expected `features` to be finite in row 1, column 0, got Infinity"],
  [{ testFeatures: matrixOf([[1, 2]]) }, "Expected `testFeatures.columns` to be 3 as in `features`, got 2"],
  [{ testFeatures: { ...matrixOf([]), columns: 3 } }, "Expected `testFeatures.rows` to be an integer of 1 or more"],
  [{ testFeatures: matrixOf([[1, 2, Number.NaN]]) }, "Expected `testFeatures` to be finite"],
  [{ instances: 3 }, "Expected `instances` to be an integer from 1 to 2, got 3"],
  [{ role: "" }, 'Expected `role` to be the ARN of an execution role, got ""'],
  [{ bucket: "No" }, "Expected `bucket`"],
  [{ instanceType: "large" }, "Expected `instanceType`"],
  [{ volumeGb: 0 }, "Expected `volumeGb`"],
  [{ maxRuntimeSeconds: 0 }, "Expected `maxRuntimeSeconds`"],
  [{ maxRuntimeSeconds: 29 * 86_400 }, "Expected `maxRuntimeSeconds`"],
  [{ spotMaxWaitSeconds: 3601 }, "Expected `spotMaxWaitSeconds` to be an integer from 3600 to 3600, got 3601"],
  [{ spotMaxWaitSeconds: 1799, maxRuntimeSeconds: 1800 }, "Expected `spotMaxWaitSeconds` to be an integer from 1800"],
  [{ spotMaxWaitSeconds: 3600, maxRuntimeSeconds: 3601 }, "Expected `maxRuntimeSeconds of a spot job`"],
  [{ outputKmsKey: " " }, "Expected `outputKmsKey`"],
  [{ volumeKmsKey: kmsKey, instanceType: "ml.c5d.xlarge" }, "Expected `volumeKmsKey` to be absent for ml.c5d.xlarge"],
  [{ vpc: { securityGroupIds: [], subnets: ["s"] } }, "Expected `vpc.securityGroupIds`"],
  [{ tags: { "aws:a": "b" } }, "Expected `tags`"],
  [{ hyperparameters: { epochs: 0 } }, "Expected `hyperparameters.epochs`"],
])("refuses %j", (changes, message) => {
  expect(() => requireTrainingRequest({ ...trainingRequest, ...changes })).toThrow(message);
});

test("accepts the least and the most", () => {
  requireTrainingRequest(trainingRequest);
  requireTrainingRequest({ ...trainingRequest, ...guarded, outputKmsKey: kmsKey, volumeKmsKey: kmsKey, instances: 2 });
  requireTrainingRequest({ ...trainingRequest, maxRuntimeSeconds: 28 * 86_400 });
  requireTrainingRequest({ ...trainingRequest, maxRuntimeSeconds: 60, spotMaxWaitSeconds: 60 });
});
