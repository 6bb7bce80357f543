import { AwsError } from "../../errors.js";
import type { SageMakerContext } from "../service.js";
import { enter, isOver } from "../training_job.js";
import { namedJob } from "./names.js";

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
