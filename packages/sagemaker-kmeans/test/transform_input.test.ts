import { expect, test } from "@jest/globals";
import { uniqueName } from "@keyspaces-segmentation/sagemaker-kmeans/dist/names.js";
import { transformJobInput } from "@keyspaces-segmentation/sagemaker-kmeans/dist/transform_input.js";
import { guarded, kmsKey, transformRequest } from "../../../test/support/sagemaker_requests.js";
import { complaintsAbout } from "../../../test/support/service_model.js";

const job = uniqueName("customer-segmentation", new Date(0));

test("ids go past the model and come out beside cluster and distance", () => {
  const folder = `s3://work-bucket/customer-segmentation/${job}`;
  expect(transformJobInput(transformRequest, job)).toEqual({
    TransformJobName: job,
    ModelName: job,
    BatchStrategy: "MultiRecord",
    TransformInput: {
      ContentType: "text/csv",
      SplitType: "Line",
      DataSource: { S3DataSource: { S3DataType: "S3Prefix", S3Uri: `${folder}/input/` } },
    },
    TransformOutput: { Accept: "text/csv", AssembleWith: "Line", S3OutputPath: `${folder}/output/` },
    TransformResources: { InstanceType: "ml.m5.large", InstanceCount: 1 },
    DataProcessing: { InputFilter: "$[1:]", JoinSource: "Input", OutputFilter: "$[0,-2,-1]" },
  });
});

test("AWS would accept it, with all that is optional too", () => {
  const all = { ...transformRequest, ...guarded, instances: 2, outputKmsKey: kmsKey, volumeKmsKey: kmsKey };
  const input = transformJobInput(all, job);
  expect(input).toMatchObject({
    TransformOutput: { KmsKeyId: kmsKey },
    TransformResources: { InstanceCount: 2, VolumeKmsKeyId: kmsKey },
    Tags: [{ Key: "team" }, { Key: "cost-center" }],
  });
  const requests = [input, transformJobInput(transformRequest, job), { ...input, TransformJobName: "a_b" }];
  const [first, second, broken] = complaintsAbout(
    requests.map((request) => ({ service: "sagemaker", operation: "CreateTransformJob", input: request })),
  );
  expect([first, second]).toEqual([[], []]);
  expect(broken).toEqual([expect.stringContaining("'a_b' does not match")]);
});
