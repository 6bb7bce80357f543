import type { Identity } from "../../identities.js";
import { AwsError } from "../errors.js";
import { createTrainingJob } from "./operations/create_training_job.js";
import { deleteTrainingJob } from "./operations/delete_training_job.js";
import { describeTrainingJob } from "./operations/describe_training_job.js";
import { listTrainingJobs } from "./operations/list_training_jobs.js";
import { stopTrainingJob } from "./operations/stop_training_job.js";
import { openStore, type Store } from "./store.js";
import type { TrainingJob } from "./training_job.js";

/** What an operation may use. */
export interface SageMakerContext {
  readonly region: string;
  readonly store: Store;
  readonly jobs: Map<string, TrainingJob>;
  /** The runs under way, so that closing can wait for them. */
  readonly runs: Set<Promise<void>>;
  /** The least time in each secondary status, in milliseconds. */
  readonly pace: number;
  readonly now: () => Date;
}

/** An operation checks its request, answers or throws an AwsError, and knows nothing of HTTP. */
type Operation = (request: unknown, context: SageMakerContext, identity: Identity) => object | Promise<object>;

/** What is emulated. */
const operations: Readonly<Record<string, Operation>> = {
  CreateTrainingJob: createTrainingJob,
  DeleteTrainingJob: deleteTrainingJob,
  DescribeTrainingJob: describeTrainingJob,
  ListTrainingJobs: listTrainingJobs,
  StopTrainingJob: stopTrainingJob,
};

export interface SageMaker {
  /** @throws AwsError */
  answer(operation: string, body: Buffer, identity: Identity): Promise<object>;
  /** Stops all jobs. */
  close(): Promise<void>;
}

/** SageMaker's control plane, training jobs only; they train for real. Jobs live as long as the service. */
export function createSageMaker(options: {
  region: string;
  motoPort: number;
  pace: number;
  now: () => Date;
}): SageMaker {
  const { region, motoPort, pace, now } = options;
  const context: SageMakerContext = {
    region,
    store: openStore(region, motoPort),
    jobs: new Map(),
    runs: new Set(),
    pace,
    now,
  };
  return {
    async answer(operation, body, identity) {
      const handler = Object.hasOwn(operations, operation) ? operations[operation] : undefined;
      if (!handler) throw new AwsError("notEmulated", `SageMaker ${operation} is not emulated.`);
      return handler(parseJson(body), context, identity);
    },
    async close() {
      for (const { stop } of context.jobs.values()) stop.abort();
      await Promise.all(context.runs);
      context.store.close();
    },
  };
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    throw new AwsError("SerializationException", "The request is not JSON.");
  }
}
