import { isDeepStrictEqual } from "node:util";
import type { CreateJobRequest, GetJobsRequest, ListJobsRequest, UpdateJobRequest } from "@aws-sdk/client-glue";
import type { Identity } from "@keyspaces-segmentation/local-support";
import { AwsError } from "@keyspaces-segmentation/local-support";
import type { GlueContext } from "../context.js";
import { capacityOf, completed, emulated } from "../definition.js";
import { type GlueJob, isOver } from "../records.js";
import { pageOf } from "./paging.js";

const arnOf = (name: string, { region }: GlueContext, { account }: Identity): string =>
  `arn:aws:glue:${region}:${account}:job/${name}`;

/** Makes a job. To ask for the same one again is no fault. */
export function createJob(input: unknown, context: GlueContext, identity: Identity): object {
  const all = [...emulated, "Name", "Tags"];
  const { Name = "", Tags = {}, ...given } = context.check<CreateJobRequest>("CreateJob", input, all);
  const definition = completed(given);
  const known = context.jobs.get(Name);
  if (known) {
    if (isDeepStrictEqual(known.definition, definition)) return { Name };
    throw new AwsError(
      "IdempotentParameterMismatchException",
      `Job with name: ${Name} already submitted with different configuration`,
    );
  }
  const created = context.now();
  const arn = arnOf(Name, context, identity);
  context.jobs.set(Name, { name: Name, arn, definition, created, lastModified: created, runs: [] });
  context.tags.set(arn, new Map(Object.entries(Tags)));
  return { Name };
}

/** The job that a request names. @throws AwsError as AWS words it for a job that does not exist */
function namedJob(name: string, { jobs }: GlueContext): GlueJob {
  const job = jobs.get(name);
  if (!job) throw new AwsError("EntityNotFoundException", "Job not found.");
  return job;
}

function described({ name, definition, created, lastModified }: GlueJob): object {
  const capacity = capacityOf(definition);
  return {
    ...definition,
    Name: name,
    CreatedOn: created,
    LastModifiedOn: lastModified,
    AllocatedCapacity: capacity,
    MaxCapacity: capacity,
  };
}

export function getJob(input: unknown, context: GlueContext): object {
  const { JobName } = context.check<{ JobName: string }>("GetJob", input);
  return { Job: described(namedJob(JobName, context)) };
}

export function getJobs(input: unknown, context: GlueContext): object {
  const { page, NextToken } = pageOf(
    [...context.jobs.values()],
    context.check<GetJobsRequest>("GetJobs", input) as object,
  );
  return { Jobs: page.map(described), NextToken };
}

/** The names of jobs, those with certain tags where some are given. */
export function listJobs(input: unknown, context: GlueContext): object {
  const { Tags = {}, ...request } = context.check<ListJobsRequest>("ListJobs", input);
  const hasAll = ({ arn }: GlueJob) =>
    Object.entries(Tags).every(([key, value]) => context.tags.get(arn)?.get(key) === value);
  const { page, NextToken } = pageOf([...context.jobs.values()].filter(hasAll), request as object);
  return { JobNames: page.map(({ name }) => name), NextToken };
}

/** Replaces a job's definition: what is not given is as if it had never been. Runs under way go on as they began. */
export function updateJob(input: unknown, context: GlueContext): object {
  const paths = emulated.map((path) => `JobUpdate.${path}`);
  const { JobName = "", JobUpdate } = context.check<UpdateJobRequest>("UpdateJob", input, ["JobName", ...paths]);
  const job = namedJob(JobName, context);
  job.definition = completed(JobUpdate as CreateJobRequest);
  job.lastModified = context.now();
  return { JobName };
}

/** Forgets a job; one that is not there is no fault. */
export function deleteJob(input: unknown, context: GlueContext): object {
  const { JobName } = context.check<{ JobName: string }>("DeleteJob", input);
  const job = context.jobs.get(JobName);
  if (!job) return { JobName };
  for (const run of job.runs) if (!isOver(run)) run.stop.abort();
  context.jobs.delete(JobName);
  context.tags.delete(job.arn);
  return { JobName };
}
