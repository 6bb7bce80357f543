import { AwsError } from "../../errors.js";
import type { SageMakerContext } from "../service.js";
import { isOver } from "../training_job.js";
import { namedJob } from "./names.js";

/** Forgets a job that is over, so that its name is free again. Its model stays in S3. */
export function deleteTrainingJob(input: unknown, context: SageMakerContext): object {
  const job = namedJob("DeleteTrainingJob", input, context);
  if (!isOver(job)) throw new AwsError("ResourceInUse", `Training job ${job.name} is ${job.status}: stop it first.`);
  context.jobs.delete(job.name);
  context.tags.delete(job.arn);
  return {};
}
