import { AwsError } from "../../errors.js";
import type { SageMakerContext } from "../service.js";
import { checkRequest, type Shape } from "../shape.js";
import type { TrainingJob } from "../training_job.js";

export const jobName: Shape & { required: true } = {
  type: "string",
  required: true,
  min: 1,
  max: 63,
  pattern: "[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}",
};

/** The job that a request names. @throws AwsError as AWS words it for a job that does not exist */
export function namedJob(input: unknown, { jobs }: SageMakerContext): TrainingJob {
  const shape = { type: "structure", members: { TrainingJobName: jobName } } as const;
  const { TrainingJobName } = checkRequest<{ TrainingJobName: string }>(shape, input);
  const job = jobs.get(TrainingJobName);
  if (!job) throw new AwsError("ValidationException", "Requested resource not found.");
  return job;
}
