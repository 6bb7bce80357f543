import { randomBytes } from "node:crypto";
import type {
  BatchStopJobRunError,
  BatchStopJobRunRequest,
  GetJobRunsRequest,
  StartJobRunRequest,
} from "@aws-sdk/client-glue";
import type { Identity } from "@keyspaces-segmentation/local-support";
import { AwsError } from "@keyspaces-segmentation/local-support";
import type { GlueContext } from "../context.js";
import { capacityOf, DEFAULT_TIMEOUT, requireObjectPath, requireTimeout, requireWorkers } from "../definition.js";
import { runJob } from "../job_run.js";
import { enter, type GlueJob, isOver, type JobRun, runsUnderWay } from "../records.js";
import { filesOf } from "../script_files.js";
import { pageOf } from "./paging.js";

const startable = [
  ...["JobName", "Arguments", "Timeout", "WorkerType", "NumberOfWorkers", "MaxCapacity", "AllocatedCapacity"],
  ...["ExecutionClass", "NotificationProperty"],
];

/** Starts a run; it then goes on by itself. */
export function startJobRun(input: unknown, context: GlueContext, { account }: Identity): object {
  const request = context.check<StartJobRunRequest>("StartJobRun", input, startable);
  const job = context.jobs.get(request.JobName ?? "");
  if (!job) throw new AwsError("EntityNotFoundException", "Failed to start job run due to missing metadata");
  requireTimeout(request.Timeout);
  requireWorkers(request);
  const { definition } = job;
  const roleArn = context.roles.arnOf(definition.Role ?? "", account);
  context.roles.trust(roleArn, job.arn, account);
  if (job.runs.filter((run) => !isOver(run)).length >= (definition.ExecutionProperty?.MaxConcurrentRuns ?? 1)) {
    throw new AwsError("ConcurrentRunsExceededException", `Concurrent runs exceeded for ${job.name}`);
  }
  if (runsUnderWay(context.jobs.values(), account).length >= context.quotas.runs) {
    const message = `Max concurrent job runs per account exceeded: ${context.quotas.runs}`;
    throw new AwsError("ResourceNumberLimitExceededException", message);
  }
  const { Arguments: ownArguments, WorkerType, NumberOfWorkers, ExecutionClass } = request;
  const started = context.now();
  const run: JobRun = {
    id: `jr_${randomBytes(32).toString("hex")}`,
    job: job.name,
    jobArn: job.arn,
    account,
    definition: {
      ...definition,
      ...(WorkerType !== undefined && { WorkerType, NumberOfWorkers }),
      ...(ExecutionClass !== undefined && { ExecutionClass }),
    },
    arguments: { ...definition.DefaultArguments, ...ownArguments, ...definition.NonOverridableArguments },
    ownArguments,
    roleArn,
    timeout: request.Timeout ?? definition.Timeout ?? DEFAULT_TIMEOUT,
    started,
    lastModified: started,
    state: "STARTING",
    stop: new AbortController(),
  };
  for (const uri of Object.values(filesOf(run)).flat()) requireObjectPath(uri);
  job.runs.push(run);
  const underWay = runJob(run, context).finally(() => context.underWay.delete(underWay));
  context.underWay.add(underWay);
  return { JobRunId: run.id };
}

/** Whole seconds that the script has run. */
function executionTime({ running, completed }: JobRun, now: Date): number {
  return running ? Math.ceil(((completed ?? now).getTime() - running.getTime()) / 1000) : 0;
}

function described(run: JobRun, now: Date): object {
  const { definition } = run;
  const capacity = capacityOf(definition);
  return {
    Id: run.id,
    Attempt: 0,
    JobName: run.job,
    JobMode: definition.JobMode,
    StartedOn: run.started,
    LastModifiedOn: run.lastModified,
    CompletedOn: run.completed,
    JobRunState: run.state,
    Arguments: run.ownArguments,
    ErrorMessage: run.errorMessage,
    PredecessorRuns: [],
    AllocatedCapacity: capacity,
    ExecutionTime: executionTime(run, now),
    Timeout: run.timeout,
    MaxCapacity: capacity,
    WorkerType: definition.WorkerType,
    NumberOfWorkers: definition.NumberOfWorkers,
    LogGroupName: "/aws-glue/jobs",
    GlueVersion: definition.GlueVersion,
    ExecutionClass: definition.ExecutionClass,
  };
}

function runsOf(name: string, { jobs }: GlueContext): GlueJob["runs"] {
  const job = jobs.get(name);
  if (!job) throw new AwsError("EntityNotFoundException", "Job not found.");
  return job.runs;
}

export function getJobRun(input: unknown, context: GlueContext): object {
  const { JobName, RunId } = context.check<{ JobName: string; RunId: string }>("GetJobRun", input, [
    "JobName",
    "RunId",
    "PredecessorsIncluded",
  ]);
  const run = runsOf(JobName, context).find(({ id }) => id === RunId);
  if (!run) throw new AwsError("EntityNotFoundException", `Job Run not found: ${RunId}`);
  return { JobRun: described(run, context.now()) };
}

/** The runs of a job, the latest first. */
export function getJobRuns(input: unknown, context: GlueContext): object {
  const { JobName = "", ...request } = context.check<GetJobRunsRequest>("GetJobRuns", input);
  const { page, NextToken } = pageOf(runsOf(JobName, context).toReversed(), request as object);
  return { JobRuns: page.map((run) => described(run, context.now())), NextToken };
}

/** Asks runs to stop: those that can are STOPPING, and STOPPED a little later; for the others it says why not. */
export function batchStopJobRun(input: unknown, context: GlueContext): object {
  const { JobName = "", JobRunIds = [] } = context.check<BatchStopJobRunRequest>("BatchStopJobRun", input);
  const runs = context.jobs.get(JobName)?.runs ?? [];
  const stopped: object[] = [];
  const errors: BatchStopJobRunError[] = [];
  for (const JobRunId of JobRunIds) {
    const run = runs.find(({ id }) => id === JobRunId);
    if (run && !isOver(run)) {
      if (run.state !== "STOPPING") enter(run, "STOPPING", context.now());
      run.stop.abort();
      stopped.push({ JobName, JobRunId });
      continue;
    }
    const ErrorDetail = run
      ? {
          ErrorCode: "JobRunInTerminalStateException",
          ErrorMessage: `Job run ${JobRunId} is in terminal state ${run.state}`,
        }
      : { ErrorCode: "JobRunNotFoundException", ErrorMessage: `Job run ${JobRunId} not found` };
    errors.push({ JobName, JobRunId, ErrorDetail });
  }
  return { SuccessfulSubmissions: stopped, Errors: errors };
}
