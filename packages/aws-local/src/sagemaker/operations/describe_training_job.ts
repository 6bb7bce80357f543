import type { MetricDefinition } from "@aws-sdk/client-sagemaker";
import type { SageMakerContext } from "../service.js";
import type { TrainingJob } from "../training_job.js";
import { namedJob } from "./names.js";

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
