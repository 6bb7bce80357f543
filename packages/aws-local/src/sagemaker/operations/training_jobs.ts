import type { MetricDefinition } from "@aws-sdk/client-sagemaker";
import { AwsError } from "@keyspaces-segmentation/local-support";
import type { SageMakerContext } from "../context.js";
import { isOver, type TrainingJob } from "../records.js";
import { enter } from "../training_job.js";
import { type ListRequest, pageOf } from "./listing.js";

/** The job that a request names. @throws AwsError as AWS words it for a job that does not exist */
function namedJob(operation: string, input: unknown, context: SageMakerContext): TrainingJob {
  const { TrainingJobName } = context.check<{ TrainingJobName: string }>(operation, input);
  const job = context.jobs.get(TrainingJobName);
  if (!job) throw new AwsError("ValidationException", "Requested resource not found.");
  return job;
}

/** Whole seconds on the instances, of which a started one counts. */
function secondsOf({ started, ended }: TrainingJob): number | undefined {
  return started && ended && Math.max(1, Math.ceil((ended.getTime() - started.getTime()) / 1000));
}

/** What a spot instance costs of the price, about. */
const SPOT_SHARE = 0.3;

/** The metrics that SageMaker reads from the log of its own algorithm. */
const metricDefinitions: readonly MetricDefinition[] = [
  ...["train:msd", "test:msd", "test:ssd"].map((Name) => ({
    Name,
    Regex: `#quality_metric: host=\\S+, ${Name.replace(":", " ")} <loss>=(\\S+)`,
  })),
  { Name: "train:progress", Regex: "#progress_metric: host=\\S+, completed (\\S+) %" },
  { Name: "train:throughput", Regex: "#throughput_metric: host=\\S+, train throughput=(\\S+) records/second" },
];

/** The job: what was asked for, where it stands, and what came of it. */
export function describeTrainingJob(input: unknown, context: SageMakerContext): object {
  const job = namedJob("DescribeTrainingJob", input, context);
  const { Tags: _, ...request } = job.request;
  const seconds = secondsOf(job);
  const spot = request.EnableManagedSpotTraining ?? false;
  return {
    EnableNetworkIsolation: false,
    EnableInterContainerTrafficEncryption: false,
    ...request,
    AlgorithmSpecification: {
      EnableSageMakerMetricsTimeSeries: false,
      ...request.AlgorithmSpecification,
      MetricDefinitions: metricDefinitions,
    },
    TrainingJobArn: job.arn,
    TrainingJobStatus: job.status,
    SecondaryStatus: job.secondaryStatus,
    SecondaryStatusTransitions: job.transitions,
    CreationTime: job.created,
    LastModifiedTime: job.lastModified,
    TrainingStartTime: job.started,
    TrainingEndTime: job.ended,
    TrainingTimeInSeconds: seconds,
    BillableTimeInSeconds: seconds && (spot ? Math.ceil(seconds * SPOT_SHARE) : seconds),
    FailureReason: job.failureReason,
    ModelArtifacts: job.modelUri && { S3ModelArtifacts: job.modelUri },
    FinalMetricDataList: job.metrics.length > 0 ? job.metrics : undefined,
    EnableManagedSpotTraining: spot,
  };
}

/** Asks a job to stop: it is Stopping, and Stopped a little later, without a model. */
export function stopTrainingJob(input: unknown, context: SageMakerContext): object {
  const job = namedJob("StopTrainingJob", input, context);
  if (isOver(job)) {
    const message = `The request was rejected because the training job is in status ${job.status}.`;
    throw new AwsError("ValidationException", message);
  }
  if (job.status === "Stopping") return {};
  enter(job, "Stopping", context.now());
  job.stop.abort();
  return {};
}

/** Forgets a job that is over, so that its name is free again. Its model stays in S3. */
export function deleteTrainingJob(input: unknown, context: SageMakerContext): object {
  const job = namedJob("DeleteTrainingJob", input, context);
  if (!isOver(job)) throw new AwsError("ResourceInUse", `Training job ${job.name} is ${job.status}: stop it first.`);
  context.jobs.delete(job.name);
  context.tags.delete(job.arn);
  return {};
}

const listedBy = [
  ...["NextToken", "MaxResults", "NameContains", "StatusEquals", "CreationTimeAfter", "CreationTimeBefore"],
  ...["LastModifiedTimeAfter", "LastModifiedTimeBefore", "SortBy", "SortOrder"],
];

/** The jobs, filtered, sorted and in pages. */
export function listTrainingJobs(input: unknown, context: SageMakerContext): object {
  const request = context.check<ListRequest>("ListTrainingJobs", input, listedBy);
  const { page, NextToken } = pageOf(context.jobs.values(), request, "Ascending");
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
    NextToken,
  };
}
