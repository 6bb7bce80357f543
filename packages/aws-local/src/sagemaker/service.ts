import type { Identity } from "@keyspaces-segmentation/local-support";
import {
  AwsError,
  checkAgainst,
  loadServiceModel,
  readInput,
  refuseBeyond,
  sentenceOf,
} from "@keyspaces-segmentation/local-support";
import type { SageMakerContext } from "./context.js";
import { openLogs } from "./logs.js";
import { createTrainingJob } from "./operations/create_training_job.js";
import {
  createEndpointConfig,
  deleteEndpointConfig,
  describeEndpointConfig,
  listEndpointConfigs,
} from "./operations/endpoint_configs.js";
import { createEndpoint, deleteEndpoint, describeEndpoint, listEndpoints } from "./operations/endpoints.js";
import { createModel, deleteModel, describeModel, listModels } from "./operations/models.js";
import { addTags, deleteTags, listTags } from "./operations/tags.js";
import {
  deleteTrainingJob,
  describeTrainingJob,
  listTrainingJobs,
  stopTrainingJob,
} from "./operations/training_jobs.js";
import {
  createTransformJob,
  describeTransformJob,
  listTransformJobs,
  stopTransformJob,
} from "./operations/transform_jobs.js";
import { createRuntime, type RuntimeAnswer, type RuntimeRequest } from "./runtime.js";
import type { SageMakerSettings } from "./settings.js";
import { openStore, type StoreGuard } from "./store.js";

/** An operation checks its request, answers or throws an AwsError, and knows nothing of HTTP. */
type Operation = (request: unknown, context: SageMakerContext, identity: Identity) => object | Promise<object>;

/** What is emulated. */
const operations: Readonly<Record<string, Operation>> = {
  AddTags: addTags,
  CreateEndpoint: createEndpoint,
  CreateEndpointConfig: createEndpointConfig,
  CreateModel: createModel,
  CreateTrainingJob: createTrainingJob,
  CreateTransformJob: createTransformJob,
  DeleteEndpoint: deleteEndpoint,
  DeleteEndpointConfig: deleteEndpointConfig,
  DeleteModel: deleteModel,
  DeleteTags: deleteTags,
  DeleteTrainingJob: deleteTrainingJob,
  DescribeEndpoint: describeEndpoint,
  DescribeEndpointConfig: describeEndpointConfig,
  DescribeModel: describeModel,
  DescribeTrainingJob: describeTrainingJob,
  DescribeTransformJob: describeTransformJob,
  ListEndpointConfigs: listEndpointConfigs,
  ListEndpoints: listEndpoints,
  ListModels: listModels,
  ListTags: listTags,
  ListTrainingJobs: listTrainingJobs,
  ListTransformJobs: listTransformJobs,
  StopTrainingJob: stopTrainingJob,
  StopTransformJob: stopTransformJob,
};

export interface SageMaker {
  /** Of the control plane. @throws AwsError */
  answer(operation: string, body: Buffer, identity: Identity): Promise<object>;
  /** Of SageMaker Runtime. @throws AwsError */
  invoke(request: RuntimeRequest, identity: Identity): Promise<RuntimeAnswer>;
  /** The tags of a resource; none of one that is not there. */
  tagsAt(arn: string): Iterable<readonly [key: string, value: string]>;
  /** Stops all jobs and endpoints. */
  close(): Promise<void>;
}

export interface SageMakerOptions extends SageMakerSettings {
  readonly region: string;
  readonly motoPort: number;
  /** The least time in each status, in milliseconds. */
  readonly pace: number | (() => number);
  readonly now: () => Date;
  /** Decides what roles may do in S3; without it they may do everything. */
  readonly guard?: StoreGuard | undefined;
}

/** SageMaker and SageMaker Runtime. What is made in them lives as long as the service. */
export function createSageMaker(options: SageMakerOptions): SageMaker {
  const { region, motoPort, pace, now, quotas = {}, trainingChance = "data", fail = () => undefined } = options;
  const model = loadServiceModel("sagemaker", "2017-07-24");
  const closing = new AbortController();
  const context: SageMakerContext = {
    region,
    store: openStore(region, motoPort, options.guard),
    logs: openLogs(region, motoPort, now, options.guard?.forLogs),
    jobs: new Map(),
    models: new Map(),
    transforms: new Map(),
    endpointConfigs: new Map(),
    endpoints: new Map(),
    tags: new Map(),
    runs: new Set(),
    get pace() {
      return typeof pace === "function" ? pace() : pace;
    },
    closing: closing.signal,
    quotas,
    trainingChance,
    now,
    check<T>(operation: string, input: unknown, emulated?: readonly string[]): T {
      const { request, violations } = checkAgainst(model, operation, input);
      if (violations.length > 0) throw new AwsError("ValidationException", sentenceOf(violations));
      if (emulated) refuseBeyond(emulated, request);
      return request as T;
    },
  };
  const runtime = createRuntime(loadServiceModel("sagemaker-runtime", "2017-05-13"), context);
  return {
    async invoke(request, identity) {
      const failure = fail("InvokeEndpoint");
      if (failure) throw failure;
      return runtime(request, identity);
    },
    async answer(operation, body, identity) {
      if (!Object.hasOwn(model.operations, operation)) throw new AwsError("UnknownOperationException", "");
      const handler = Object.hasOwn(operations, operation) ? operations[operation] : undefined;
      if (!handler) throw new AwsError("notEmulated", `SageMaker ${operation} is not emulated.`);
      const failure = fail(operation);
      if (failure) throw failure;
      return handler(readInput("json", body), context, identity);
    },
    tagsAt: (arn) => context.tags.get(arn.toLowerCase()) ?? [],
    async close() {
      const { jobs, transforms, endpoints } = context;
      closing.abort();
      for (const { stop } of [...jobs.values(), ...transforms.values(), ...endpoints.values()]) stop.abort();
      await Promise.all(context.runs);
      context.store.close();
    },
  };
}
