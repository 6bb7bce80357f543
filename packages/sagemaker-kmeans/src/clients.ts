import { SageMakerClient } from "@aws-sdk/client-sagemaker";
import { SageMakerRuntimeClient } from "@aws-sdk/client-sagemaker-runtime";
import { type AwsSession, perSession } from "@keyspaces-segmentation/aws-session";

/** A container has 60 seconds for its answer. */
export const containerAnswersWithin: { connectionTimeout: number; socketTimeout: number } = {
  connectionTimeout: 5000,
  socketTimeout: 70_000,
};

export const sageMakerOf: (aws: AwsSession) => SageMakerClient = perSession(
  (settings) => new SageMakerClient(settings),
);

export const sageMakerRuntimeOf: (aws: AwsSession) => SageMakerRuntimeClient = perSession(
  (settings) => new SageMakerRuntimeClient({ ...settings, requestHandler: containerAnswersWithin }),
);
