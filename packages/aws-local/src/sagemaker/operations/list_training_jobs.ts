import type { SageMakerContext } from "../service.js";
import { type ListRequest, pageOf } from "./listing.js";

const emulated = [
  ...["NextToken", "MaxResults", "NameContains", "StatusEquals", "CreationTimeAfter", "CreationTimeBefore"],
  ...["LastModifiedTimeAfter", "LastModifiedTimeBefore", "SortBy", "SortOrder"],
];

/** The jobs, filtered, sorted and in pages. */
export function listTrainingJobs(input: unknown, context: SageMakerContext): object {
  const request = context.check<ListRequest>("ListTrainingJobs", input, emulated);
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
