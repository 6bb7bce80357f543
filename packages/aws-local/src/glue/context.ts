import type { Identity } from "@keyspaces-segmentation/local-support";
import type { Logs } from "../sagemaker/logs.js";
import type { Store } from "../sagemaker/store.js";
import type { GlueJob } from "./records.js";
import type { SparkSettings } from "./settings.js";

/** The roles that jobs run as. */
export interface Roles {
  /** A role by its name or ARN; an ARN of no role where there is none. */
  arnOf(role: string, account: string): string;
  /** @throws AwsError where Glue may not act as it */
  trust(roleArn: string, jobArn: string, account: string): void;
  /** A session of it, whose signatures are believed until it is ended. */
  begin(roleArn: string): { readonly identity: Identity; end(): void };
}

/** What an operation may use. */
export interface GlueContext {
  readonly region: string;
  readonly endpoint: () => string;
  readonly store: Store;
  readonly logs: Logs;
  readonly roles: Roles;
  readonly spark: SparkSettings;
  readonly jobs: Map<string, GlueJob>;
  /** The tags of every job, by its ARN. */
  readonly tags: Map<string, Map<string, string>>;
  /** The runs under way, so that closing can wait for them. */
  readonly underWay: Set<Promise<void>>;
  /** The least time in each state, in milliseconds. */
  readonly pace: number;
  /** How long a minute of a timeout is, in milliseconds. */
  readonly minute: number;
  /** What runs under way may come to, in all of an account. */
  readonly quotas: { readonly dpus: number; readonly runs: number };
  /** Aborted when the stand-in closes. */
  readonly closing: AbortSignal;
  readonly now: () => Date;
  /**
   * The request, known to be one that AWS would take and the stand-in can do.
   *
   * @param emulated what of it is emulated; everything unless given
   * @throws AwsError naming all that is wrong with it
   */
  check<T>(operation: string, input: unknown, emulated?: readonly string[]): T;
}
