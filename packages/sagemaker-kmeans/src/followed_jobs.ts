import {
  DescribeTrainingJobCommand,
  type DescribeTrainingJobCommandOutput,
  DescribeTransformJobCommand,
  type DescribeTransformJobCommandOutput,
  StopTrainingJobCommand,
  StopTransformJobCommand,
} from "@aws-sdk/client-sagemaker";
import type { AwsSession } from "@keyspaces-segmentation/aws-session";
import { sageMakerOf } from "./clients.js";
import type { FollowedJob } from "./follow_job.js";

/** How a training job is looked at and stopped. */
export function trainingJob(aws: AwsSession, name: string): FollowedJob<DescribeTrainingJobCommandOutput> {
  const input = { TrainingJobName: name };
  return {
    kind: "training job",
    name,
    describe: (signal) =>
      sageMakerOf(aws).send(new DescribeTrainingJobCommand(input), signal ? { abortSignal: signal } : {}),
    view: ({ TrainingJobStatus, SecondaryStatus, SecondaryStatusTransitions, CreationTime, FailureReason }) => {
      const steps = (SecondaryStatusTransitions ?? []).map(({ Status = "", StatusMessage = "", StartTime }) => ({
        status: Status,
        message: StatusMessage,
        at: StartTime,
      }));
      // Why a job was stopped may stand only here.
      if (TrainingJobStatus === "Stopped" && SecondaryStatus && SecondaryStatus !== steps.at(-1)?.status) {
        steps.push({ status: SecondaryStatus, message: "", at: undefined });
      }
      return { status: TrainingJobStatus ?? "", steps, created: CreationTime, failureReason: FailureReason };
    },
    stop: () => sageMakerOf(aws).send(new StopTrainingJobCommand(input)),
    stopByHand: `aws sagemaker stop-training-job --training-job-name ${name} --region ${aws.region}`,
    whereToLook:
      "Its log is in CloudWatch, group /aws/sagemaker/TrainingJobs, in streams that begin with the job's name.",
  };
}

/** How a transform job is looked at and stopped. */
export function transformJob(aws: AwsSession, name: string): FollowedJob<DescribeTransformJobCommandOutput> {
  const input = { TransformJobName: name };
  return {
    kind: "transform job",
    name,
    describe: (signal) =>
      sageMakerOf(aws).send(new DescribeTransformJobCommand(input), signal ? { abortSignal: signal } : {}),
    view: ({ TransformJobStatus: status = "", CreationTime, TransformStartTime, TransformEndTime, FailureReason }) => ({
      status,
      steps: [{ status, message: FailureReason ?? "", at: TransformEndTime ?? TransformStartTime ?? CreationTime }],
      created: CreationTime,
      failureReason: FailureReason,
    }),
    stop: () => sageMakerOf(aws).send(new StopTransformJobCommand(input)),
    stopByHand: `aws sagemaker stop-transform-job --transform-job-name ${name} --region ${aws.region}`,
    whereToLook:
      "Its log is in CloudWatch, group /aws/sagemaker/TransformJobs, in streams that begin with the job's name.",
  };
}
