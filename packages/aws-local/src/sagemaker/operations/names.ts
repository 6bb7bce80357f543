import { AwsError } from "../../errors.js";
import type { SageMakerContext } from "../service.js";
import type { TrainingJob } from "../training_job.js";

/** The job that a request names. @throws AwsError as AWS words it for a job that does not exist */
export function namedJob(operation: string, input: unknown, context: SageMakerContext): TrainingJob {
  const { TrainingJobName } = context.check<{ TrainingJobName: string }>(operation, input);
  const job = context.jobs.get(TrainingJobName);
  if (!job) throw new AwsError("ValidationException", "Requested resource not found.");
  return job;
}
