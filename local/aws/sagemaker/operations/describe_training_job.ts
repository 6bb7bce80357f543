import type { SageMakerContext } from "../service.js";
import type { TrainingJob } from "../training_job.js";
import { namedJob } from "./names.js";

/** Whole seconds on the instances, of which a started one counts. */
function secondsOf({ started, ended }: TrainingJob): number | undefined {
  return started && ended && Math.max(1, Math.ceil((ended.getTime() - started.getTime()) / 1000));
}

/** The job: what was asked for, where it stands, and what came of it. */
export function describeTrainingJob(input: unknown, context: SageMakerContext): object {
  const job = namedJob("DescribeTrainingJob", input, context);
  const { Tags: _, ...request } = job.request;
  const seconds = secondsOf(job);
  return {
    ...request,
    TrainingJobArn: job.arn,
    TrainingJobStatus: job.status,
    SecondaryStatus: job.secondaryStatus,
    SecondaryStatusTransitions: job.transitions,
    CreationTime: job.created,
    LastModifiedTime: job.lastModified,
    TrainingStartTime: job.started,
    TrainingEndTime: job.ended,
    TrainingTimeInSeconds: seconds,
    BillableTimeInSeconds: seconds,
    FailureReason: job.failureReason,
    ModelArtifacts: job.modelUri && { S3ModelArtifacts: job.modelUri },
    FinalMetricDataList: job.metrics.length > 0 ? job.metrics : undefined,
    EnableManagedSpotTraining: false,
  };
}
