import type { Logs } from "./logs.js";
import type { Endpoint, EndpointConfig, Model, Tags, TrainingJob, TransformJob } from "./records.js";
import type { Store } from "./store.js";
import type { TrainingChance } from "./training_chance.js";

/** What an operation may use. */
export interface SageMakerContext {
  readonly region: string;
  readonly store: Store;
  readonly logs: Logs;
  readonly jobs: Map<string, TrainingJob>;
  readonly models: Map<string, Model>;
  readonly transforms: Map<string, TransformJob>;
  readonly endpointConfigs: Map<string, EndpointConfig>;
  readonly endpoints: Map<string, Endpoint>;
  /** The tags of every resource, by its ARN. */
  readonly tags: Map<string, Tags>;
  /** The runs under way, so that closing can wait for them. */
  readonly runs: Set<Promise<void>>;
  /** The least time in each status, in milliseconds. */
  readonly pace: number;
  /** Aborted when the stand-in closes: nobody waits for a status any more. */
  readonly closing: AbortSignal;
  /** How many instances of a type the account may use at once, by the quota's name: `ml.p3.2xlarge for training job usage`. */
  readonly quotas: Readonly<Record<string, number>>;
  readonly trainingChance: TrainingChance;
  readonly now: () => Date;
  /**
   * The request, known to be one that AWS would take and the stand-in can do.
   *
   * @param emulated what of it is emulated; everything unless given
   * @throws AwsError naming all that is wrong with it
   */
  check<T>(operation: string, input: unknown, emulated?: readonly string[]): T;
}
