/** What the service remembers of each resource that has been made in it. */
import type {
  CreateEndpointConfigInput,
  CreateModelInput,
  CreateTrainingJobRequest,
  CreateTransformJobRequest,
  EndpointStatus,
  MetricData,
  ProductionVariant,
  SecondaryStatus,
  SecondaryStatusTransition,
  TrainingJobStatus,
  TransformJobStatus,
} from "@aws-sdk/client-sagemaker";
import type { Matrix } from "./matrix.js";
import type { Processing } from "./transform/data_processing.js";

/** One training job and its history. Changed by `enter` and by the run of the job alone. */
export interface TrainingJob {
  readonly name: string;
  readonly arn: string;
  readonly request: CreateTrainingJobRequest;
  readonly created: Date;
  status: TrainingJobStatus;
  secondaryStatus: SecondaryStatus;
  lastModified: Date;
  readonly transitions: SecondaryStatusTransition[];
  started?: Date;
  ended?: Date;
  failureReason?: string;
  modelUri?: string;
  metrics: MetricData[];
  /** Aborted by StopTrainingJob, and when the stand-in closes. */
  readonly stop: AbortController;
}

/** A model: an image and where its data are. */
export interface Model {
  readonly name: string;
  readonly arn: string;
  readonly created: Date;
  readonly request: CreateModelInput;
  readonly dataUrl: string;
}

/** Which models an endpoint runs, and on what. */
export interface EndpointConfig {
  readonly name: string;
  readonly arn: string;
  readonly created: Date;
  readonly request: CreateEndpointConfigInput & { ProductionVariants: readonly ProductionVariant[] };
}

/** A variant with the model that it runs: its data as they were when the endpoint came up. */
export interface HostedVariant {
  readonly variant: ProductionVariant;
  readonly model: Model;
  centroids?: Matrix;
  /** Of its share of the requests, what it has not had yet. */
  credit: number;
}

/** Models that answer. Changed by its start, its end and its invocations alone. */
export interface Endpoint {
  readonly name: string;
  readonly arn: string;
  readonly config: EndpointConfig;
  readonly variants: readonly HostedVariant[];
  readonly created: Date;
  lastModified: Date;
  status: EndpointStatus;
  failureReason?: string;
  /** Aborted when the stand-in closes. */
  readonly stop: AbortController;
}

/** One transform job. Changed by its run and by StopTransformJob alone. */
export interface TransformJob {
  readonly name: string;
  readonly arn: string;
  readonly request: CreateTransformJobRequest;
  readonly processing: Processing;
  /** As it was when the job was made: it may be deleted since. */
  readonly model: Model;
  readonly created: Date;
  status: TransformJobStatus;
  lastModified: Date;
  started?: Date;
  ended?: Date;
  failureReason?: string;
  /** Aborted by StopTransformJob, and when the stand-in closes. */
  readonly stop: AbortController;
}

/** Values by key. */
export type Tags = Map<string, string>;

/** Whether a job has come to its end, whichever. */
export const isOver = ({ status }: Pick<TrainingJob | TransformJob, "status">): boolean =>
  ["Completed", "Failed", "Stopped"].includes(status);
