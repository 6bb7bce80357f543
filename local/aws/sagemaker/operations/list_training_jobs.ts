import type { TrainingJobStatus } from "@aws-sdk/client-sagemaker";
import { AwsError } from "../../errors.js";
import type { SageMakerContext } from "../service.js";
import { checkRequest, type Structure } from "../shape.js";
import type { TrainingJob } from "../training_job.js";

interface Request {
  NextToken?: string;
  MaxResults?: number;
  NameContains?: string;
  StatusEquals?: TrainingJobStatus;
  CreationTimeAfter?: number;
  CreationTimeBefore?: number;
  LastModifiedTimeAfter?: number;
  LastModifiedTimeBefore?: number;
  SortBy?: keyof typeof sortKeys;
  SortOrder?: "Ascending" | "Descending";
}

const shape: Structure = {
  type: "structure",
  members: {
    NextToken: { type: "string", max: 8192 },
    MaxResults: { type: "integer", min: 1, max: 100 },
    NameContains: { type: "string", max: 63, pattern: "[a-zA-Z0-9\\-]+" },
    StatusEquals: {
      type: "string",
      oneOf: ["InProgress", "Completed", "Failed", "Stopping", "Stopped", "Deleting"],
    },
    CreationTimeAfter: { type: "timestamp" },
    CreationTimeBefore: { type: "timestamp" },
    LastModifiedTimeAfter: { type: "timestamp" },
    LastModifiedTimeBefore: { type: "timestamp" },
    SortBy: { type: "string", oneOf: ["Name", "CreationTime", "Status"] },
    SortOrder: { type: "string", oneOf: ["Ascending", "Descending"] },
  },
};

const sortKeys = {
  Name: (job: TrainingJob): string => job.name,
  CreationTime: (job: TrainingJob): string => job.created.toISOString(),
  Status: (job: TrainingJob): string => job.status,
};

const seconds = (date: Date): number => date.getTime() / 1000;

function matches(job: TrainingJob, request: Request): boolean {
  const created = seconds(job.created);
  const modified = seconds(job.lastModified);
  return (
    (!request.NameContains || job.name.toLowerCase().includes(request.NameContains.toLowerCase())) &&
    (!request.StatusEquals || job.status === request.StatusEquals) &&
    created >= (request.CreationTimeAfter ?? -Infinity) &&
    created <= (request.CreationTimeBefore ?? Infinity) &&
    modified >= (request.LastModifiedTimeAfter ?? -Infinity) &&
    modified <= (request.LastModifiedTimeBefore ?? Infinity)
  );
}

/** A page token is the name of the last job on the page before. */
function indexAfter(jobs: readonly TrainingJob[], token: string | undefined): number {
  if (token === undefined) return 0;
  const last = jobs.findIndex(({ name }) => name === Buffer.from(token, "base64url").toString("utf8"));
  if (last < 0) throw new AwsError("ValidationException", "Invalid NextToken.");
  return last + 1;
}

/** The jobs, filtered, sorted and in pages. */
export function listTrainingJobs(input: unknown, { jobs }: SageMakerContext): object {
  const request = checkRequest<Request>(shape, input);
  const { SortBy = "CreationTime", SortOrder = "Ascending", MaxResults = 10, NextToken } = request;
  const key = sortKeys[SortBy];
  const sorted = [...jobs.values()].filter((job) => matches(job, request));
  sorted.sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));
  if (SortOrder === "Descending") sorted.reverse();
  const start = indexAfter(sorted, NextToken);
  const page = sorted.slice(start, start + MaxResults);
  const more = start + page.length < sorted.length;
  return {
    TrainingJobSummaries: page.map((job) => ({
      TrainingJobName: job.name,
      TrainingJobArn: job.arn,
      CreationTime: job.created,
      TrainingEndTime: job.ended,
      LastModifiedTime: job.lastModified,
      TrainingJobStatus: job.status,
      SecondaryStatus: job.secondaryStatus,
    })),
    NextToken: more ? Buffer.from(page.at(-1)?.name ?? "").toString("base64url") : undefined,
  };
}
