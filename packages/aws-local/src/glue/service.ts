import type { Identity } from "@keyspaces-segmentation/local-support";
import {
  AwsError,
  checkAgainst,
  loadServiceModel,
  readInput,
  refuseBeyond,
  type ServiceModel,
  sentenceOf,
} from "@keyspaces-segmentation/local-support";
import { openLogs } from "../sagemaker/logs.js";
import { openStore, type StoreGuard } from "../sagemaker/store.js";
import type { GlueContext, Roles } from "./context.js";
import { batchStopJobRun, getJobRun, getJobRuns, startJobRun } from "./operations/job_runs.js";
import { createJob, deleteJob, getJob, getJobs, listJobs, updateJob } from "./operations/jobs.js";
import { getTags, tagResource, untagResource } from "./operations/tags.js";
import type { GlueSettings } from "./settings.js";

/** An operation checks its request, answers or throws an AwsError, and knows nothing of HTTP. */
type Operation = (request: unknown, context: GlueContext, identity: Identity) => object;

/** What is emulated. */
const operations: Readonly<Record<string, Operation>> = {
  BatchStopJobRun: batchStopJobRun,
  CreateJob: createJob,
  DeleteJob: deleteJob,
  GetJob: getJob,
  GetJobRun: getJobRun,
  GetJobRuns: getJobRuns,
  GetJobs: getJobs,
  GetTags: getTags,
  ListJobs: listJobs,
  StartJobRun: startJobRun,
  TagResource: tagResource,
  UntagResource: untagResource,
  UpdateJob: updateJob,
};

export interface Glue {
  /** @throws AwsError */
  answer(operation: string, body: Buffer, identity: Identity): Promise<object>;
  /** Stops all runs. */
  close(): Promise<void>;
}

export interface GlueOptions extends GlueSettings {
  readonly region: string;
  /** Of all services, for scripts. Asked when a run begins. */
  readonly endpoint: () => string;
  readonly motoPort: number;
  /** The least time in each state, in milliseconds. */
  readonly pace: number | (() => number);
  readonly now: () => Date;
  readonly roles: Roles;
  /** Decides what roles may do in S3; without it they may do everything. */
  readonly guard?: StoreGuard | undefined;
}

/** Glue, as far as its jobs go. What is made in it lives as long as the service. */
export function createGlue(options: GlueOptions): Glue {
  const { region, endpoint, motoPort, pace, now, roles, spark, minute = 60_000, quotas, guard } = options;
  const closing = new AbortController();
  let loaded: ServiceModel | undefined;
  // It is large, and most runs never ask for Glue.
  const model = () => {
    loaded ??= loadServiceModel("glue", "2017-03-31");
    return loaded;
  };
  const context: GlueContext = {
    region,
    endpoint,
    store: openStore(region, motoPort, guard),
    logs: openLogs(region, motoPort, now),
    roles,
    spark,
    jobs: new Map(),
    tags: new Map(),
    underWay: new Set(),
    get pace() {
      return typeof pace === "function" ? pace() : pace;
    },
    minute,
    quotas: { dpus: quotas?.dpus ?? 1000, runs: quotas?.runs ?? 2000 },
    closing: closing.signal,
    now,
    check<T>(operation: string, input: unknown, emulated?: readonly string[]): T {
      const { request, violations } = checkAgainst(model(), operation, input);
      if (violations.length > 0) throw new AwsError("ValidationException", sentenceOf(violations));
      if (emulated) refuseBeyond(emulated, request);
      return request as T;
    },
  };
  return {
    async answer(operation, body, identity) {
      if (!Object.hasOwn(model().operations, operation)) throw new AwsError("UnknownOperationException", "");
      const handler = Object.hasOwn(operations, operation) ? operations[operation] : undefined;
      if (!handler) throw new AwsError("notEmulated", `Glue ${operation} is not emulated.`);
      return handler(readInput("json", body), context, identity);
    },
    async close() {
      closing.abort();
      for (const { runs } of context.jobs.values()) for (const { stop } of runs) stop.abort();
      await Promise.all(context.underWay);
      context.store.close();
    },
  };
}
