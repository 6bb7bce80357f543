import { expect, test } from "@jest/globals";
import { modelInput } from "@keyspaces-segmentation/sagemaker-kmeans/dist/hosted_model.js";
import { uniqueName } from "@keyspaces-segmentation/sagemaker-kmeans/dist/job_names.js";
import { guarded, model } from "../../../test/support/sagemaker_requests.js";

const name = uniqueName("customer-segmentation", new Date(0));

test("a model is its file and the algorithm's image", () => {
  expect(modelInput({ ...model, ...guarded }, name, "eu-central-1")).toEqual({
    ModelName: name,
    ExecutionRoleArn: model.role,
    PrimaryContainer: {
      Image: "664544806723.dkr.ecr.eu-central-1.amazonaws.com/kmeans:1",
      ModelDataUrl: model.modelUri,
    },
    EnableNetworkIsolation: true,
    Tags: [
      { Key: "team", Value: "Marketing + Ventas" },
      { Key: "cost-center", Value: "" },
    ],
    VpcConfig: { SecurityGroupIds: ["sg-0123456789abcdef0"], Subnets: ["subnet-1", "subnet-2"] },
  });
});
