/** What can be asked for, in the caller's words. The SDK's types are kept out: a notebook's kernel would read all of them. */
import type { CustomersToAssign, Matrix } from "@keyspaces-segmentation/kmeans";
import type { KMeansHyperparameters, TrainingFormat } from "./algorithm.js";

/** The private network of the instances. */
export interface Vpc {
  /** 1 to 5. */
  securityGroupIds: readonly string[];
  /** 1 to 16. */
  subnets: readonly string[];
}

export type Tags = Readonly<Record<string, string>>;

/** How a container runs, for training and hosting alike. */
export interface ContainerSettings {
  vpc?: Vpc;
  /** The container gets no network; data and model still come and go. */
  networkIsolation?: boolean;
  tags?: Tags;
}

/** A trained model, and how its container runs. */
export interface ModelToHost extends ContainerSettings {
  /** URI of its model.tar.gz in S3. */
  modelUri: string;
  /** ARN of the execution role. */
  role: string;
}

/** Scaled features that lie in S3 already, in the bucket and the format of the job: whole objects of shuffled rows, at least one an instance. */
export interface StoredFeatures {
  /** Ends in a slash; no other objects lie below it. */
  readonly prefix: string;
  readonly rows: number;
  readonly columns: number;
  /** Of what is in the objects: another one where anything of that is different. */
  readonly fingerprint: string;
}

/** A training job of SageMaker's built-in K-Means. */
export interface TrainingRequest extends ContainerSettings {
  /** Scaled features, one row a customer: here, to be uploaded, or in S3. */
  features: Matrix | StoredFeatures;
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
  /** Encrypts what the instances send each other. */
  encryptTraffic?: boolean;
}

/** Customers to be assigned by a batch transform with a trained model. */
export interface TransformRequest extends ModelToHost {
  customers: CustomersToAssign;
  bucket: string;
  /** Key prefix for input and output, without slashes at its ends. */
  prefix: string;
  instanceType: string;
  /** Default 1. */
  instances?: number;
  /** Job and model are named `<baseName>-YYYY-MM-DD-HH-MM-SS-mmm` (UTC). Default "customer-segmentation". */
  baseName?: string;
  /** KMS key for input and output in S3; otherwise S3's own. */
  outputKmsKey?: string;
  /** KMS key for the disks of the instances. */
  volumeKmsKey?: string;
}

/** Billed while it answers. */
export interface ServerlessHosting {
  kind: "serverless";
  /** 1024, 2048, … 6144. Default 2048. */
  memoryMb?: number;
  /** Requests at the same time, 1 to 200. Default 1, which is what one notebook sends. */
  maxConcurrency?: number;
}

/** Billed while it is there. */
export interface InstanceHosting {
  kind: "instance";
  instanceType: string;
  /** Default 1. */
  instances?: number;
  /** KMS key for the disks of the instances. */
  volumeKmsKey?: string;
}

/** A trained model, and where it is to answer. */
export interface EndpointRequest extends ModelToHost {
  /** Default serverless. */
  hosting?: ServerlessHosting | InstanceHosting;
  /** Endpoint, configuration and model are named `<baseName>-YYYY-MM-DD-HH-MM-SS-mmm` (UTC). Default "customer-segmentation". */
  baseName?: string;
}
