import type { CreateTransformJobRequest, TransformInstanceType } from "@aws-sdk/client-sagemaker";
import { requireInteger } from "@keyspaces-segmentation/common";
import { tagsOnWire } from "./container_settings.js";
import { requireCustomers } from "./hosted_formats.js";
import { modelRules } from "./hosted_model.js";
import type { TransformRequest } from "./requests.js";
import { bucket, instanceType, kmsKey, optional, prefix, type Rules, volumeKmsKey } from "./rules.js";

export const transformRules: Rules<Omit<TransformRequest, "baseName">> = {
  ...modelRules,
  customers: (_, customers) => requireCustomers(customers),
  bucket,
  prefix,
  instanceType,
  instances: optional((name, value, { customers }) => requireInteger(name, value, 1, customers.features.rows)),
  outputKmsKey: optional(kmsKey),
  volumeKmsKey: optional(volumeKmsKey),
};

/**
 * The CreateTransformJob request, of a request that has been checked. Customer ids go past the model and come out beside its answer:
 * it is given every column but the first, its answer is joined to the input line, and of that line the first column and the last
 * two, cluster and distance, are kept.
 *
 * @param job name of the job and of the model
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/batch-transform-data-processing.html
 */
export function transformJobInput(request: TransformRequest, job: string): CreateTransformJobRequest {
  const { bucket, prefix, instanceType, instances = 1, outputKmsKey, volumeKmsKey, tags } = request;
  const folder = `s3://${bucket}/${prefix}/${job}`;
  return {
    TransformJobName: job,
    ModelName: job,
    BatchStrategy: "MultiRecord",
    TransformInput: {
      ContentType: "text/csv",
      SplitType: "Line",
      DataSource: { S3DataSource: { S3DataType: "S3Prefix", S3Uri: `${folder}/input/` } },
    },
    TransformOutput: {
      Accept: "text/csv",
      AssembleWith: "Line",
      S3OutputPath: `${folder}/output/`,
      ...(outputKmsKey && { KmsKeyId: outputKmsKey }),
    },
    TransformResources: {
      InstanceType: instanceType as TransformInstanceType,
      InstanceCount: instances,
      ...(volumeKmsKey && { VolumeKmsKeyId: volumeKmsKey }),
    },
    DataProcessing: { InputFilter: "$[1:]", JoinSource: "Input", OutputFilter: "$[0,-2,-1]" },
    ...tagsOnWire(tags),
  };
}
