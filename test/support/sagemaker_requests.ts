import { type Matrix, matrixOf } from "@keyspaces-segmentation/kmeans";
import type { CustomersToAssign } from "@keyspaces-segmentation/kmeans/dist/assign.js";
import type {
  ModelToHost,
  TrainingRequest,
  TransformRequest,
} from "@keyspaces-segmentation/sagemaker-kmeans/dist/requests.js";

const role = "arn:aws:iam::123456789012:role/LocalDataScientist";

export const trainingRequest: TrainingRequest & { features: Matrix } = {
  features: matrixOf([
    [0, 0.5, 1],
    [0.25, 0, 0],
  ]),
  k: 2,
  role,
  bucket: "work-bucket",
  prefix: "customer-segmentation",
  instanceType: "ml.m5.large",
};

export const model: ModelToHost = { modelUri: "s3://work-bucket/customer-segmentation/job/output/model.tar.gz", role };

export const customers: CustomersToAssign = {
  customerIds: ["12347", "12348", "guest 1"],
  features: matrixOf([
    [0, 0.5, 1],
    [0.25, 0, 0],
    [1, 1, 1e-7],
  ]),
};

export const transformRequest: TransformRequest = {
  ...model,
  customers,
  bucket: "work-bucket",
  prefix: "customer-segmentation",
  instanceType: "ml.m5.large",
};

/** Everything that a careful account asks for besides. */
export const guarded = {
  vpc: { securityGroupIds: ["sg-0123456789abcdef0"], subnets: ["subnet-1", "subnet-2"] },
  networkIsolation: true,
  tags: { team: "Marketing + Ventas", "cost-center": "" },
};

export const kmsKey = "arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";

/** A training request with every property that there is. */
export const fullTrainingRequest: TrainingRequest = {
  ...trainingRequest,
  ...guarded,
  testFeatures: trainingRequest.features,
  hyperparameters: { epochs: 2, evalMetrics: ["msd", "ssd"], extraCenterFactor: 5 },
  instances: 2,
  volumeGb: 30,
  format: "recordio",
  maxRuntimeSeconds: 1800,
  spotMaxWaitSeconds: 3600,
  outputKmsKey: "alias/segmentation",
  volumeKmsKey: kmsKey,
  encryptTraffic: true,
};
