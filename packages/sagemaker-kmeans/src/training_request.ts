import { ArgumentError, requireInteger } from "@keyspaces-segmentation/common";
import type { Matrix } from "@keyspaces-segmentation/kmeans";
import { hyperparametersOnWire, type KMeansHyperparameters } from "./hyperparameters.js";
import {
  requireFolder,
  requireInstanceType,
  requireKmsKey,
  requireRole,
  requireTags,
  requireVolumeKmsKey,
  requireVpc,
  type Tags,
  type Vpc,
} from "./rules.js";
import { requireFloat32, type TrainingFormat } from "./training_data.js";

/** A training job of SageMaker's built-in K-Means. */
export interface TrainingRequest {
  /** Scaled features, one row a customer. */
  features: Matrix;
  /** Rows that are not trained on; the job measures the model on them (`test:msd`). */
  testFeatures?: Matrix;
  /** Number of clusters. */
  k: number;
  hyperparameters?: KMeansHyperparameters;
  /** ARN of the execution role. */
  role: string;
  bucket: string;
  /** Key prefix for data and model, without slashes at its ends. */
  prefix: string;
  instanceType: string;
  /** Default 1. With more, the data are cut into as many objects, or more, and each instance gets its share. */
  instances?: number;
  /** Disk of each instance. Default 10. */
  volumeGb?: number;
  /** How the data are written: `csv` (default), or `recordio`, which is smaller and keeps 32 bits of a number. */
  format?: TrainingFormat;
  /** The job is named `<baseName>-<fingerprint>-YYYY-MM-DD-HH-MM-SS-mmm` (UTC). Default "customer-segmentation". */
  baseName?: string;
  /** SageMaker stops the job after so long. Default 3600. */
  maxRuntimeSeconds?: number;
  /** Given: trains on spot instances, and waits and trains no longer than this together, at most 3600 for K-Means. */
  spotMaxWaitSeconds?: number;
  /** KMS key for data and model in S3; otherwise S3's own. */
  outputKmsKey?: string;
  /** KMS key for the disks of the instances. */
  volumeKmsKey?: string;
  /** The container gets no network; data and model still come and go. */
  networkIsolation?: boolean;
  /** Encrypts what the instances send each other. */
  encryptTraffic?: boolean;
  vpc?: Vpc;
  tags?: Tags;
}

/** Of a job that does not say. An hour is the most that a spot job of K-Means may take. */
export const defaultMaxRuntimeSeconds = 3600;
const month = 28 * 86_400;

function requireFeatures({ features, testFeatures, k, instances = 1 }: TrainingRequest): void {
  if (features.columns < 1) throw new ArgumentError("features.columns", "1 or more", features.columns);
  requireFloat32(features, "features");
  requireInteger("k", k, 1, features.rows);
  requireInteger("instances", instances, 1, features.rows);
  if (testFeatures === undefined) return;
  if (testFeatures.columns !== features.columns) {
    throw new ArgumentError("testFeatures.columns", `${features.columns} as in \`features\``, testFeatures.columns);
  }
  requireInteger("testFeatures.rows", testFeatures.rows, 1);
  requireFloat32(testFeatures, "testFeatures");
}

function requireTimes({ maxRuntimeSeconds = defaultMaxRuntimeSeconds, spotMaxWaitSeconds }: TrainingRequest): void {
  requireInteger("maxRuntimeSeconds", maxRuntimeSeconds, 1, month);
  if (spotMaxWaitSeconds === undefined) return;
  // K-Means writes no checkpoints, and for such algorithms SageMaker waits an hour at most.
  requireInteger("maxRuntimeSeconds of a spot job", maxRuntimeSeconds, 1, 3600);
  requireInteger("spotMaxWaitSeconds", spotMaxWaitSeconds, maxRuntimeSeconds, 3600);
}

/**
 * Checks what can be checked before anything is sent.
 *
 * @throws ArgumentError for what SageMaker, or the algorithm on its instance, would refuse
 */
export function requireTrainingRequest(request: TrainingRequest): void {
  requireFeatures(request);
  hyperparametersOnWire(request.k, request.features.columns, request.hyperparameters);
  requireRole(request.role);
  requireFolder(request);
  requireInstanceType(request.instanceType);
  requireInteger("volumeGb", request.volumeGb ?? 10, 1);
  requireTimes(request);
  requireKmsKey("outputKmsKey", request.outputKmsKey);
  requireVolumeKmsKey(request.volumeKmsKey, request.instanceType);
  requireVpc(request.vpc);
  requireTags(request.tags);
}
