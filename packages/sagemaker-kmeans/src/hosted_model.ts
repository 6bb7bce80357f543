import { CreateModelCommand, type CreateModelInput, DeleteModelCommand } from "@aws-sdk/client-sagemaker";
import type { AwsSession } from "@keyspaces-segmentation/aws-session";
import { kMeansImage } from "./algorithm.js";
import { create } from "./ask.js";
import { sageMakerOf } from "./clients.js";
import { containerOnWire, containerRules } from "./container_settings.js";
import { remove, type Temporary } from "./removal.js";
import type { ModelToHost } from "./requests.js";
import { type Rules, role, text } from "./rules.js";

export const modelRules: Rules<ModelToHost> = {
  modelUri: text(/^s3:\/\/[^/]+\/.+$/, "the URI of a model.tar.gz in S3", 1024),
  role,
  ...containerRules,
};

/**
 * The CreateModel request.
 *
 * @throws ArgumentError for a region without the algorithm
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateModel.html
 */
export function modelInput(model: ModelToHost, name: string, region: string): CreateModelInput {
  return {
    ModelName: name,
    ExecutionRoleArn: model.role,
    PrimaryContainer: { Image: kMeansImage(region), ModelDataUrl: model.modelUri },
    ...containerOnWire(model),
  };
}

const hints = {
  ValidationException: "Check that the model lies in this region, and that the execution role may read it.",
  AccessDeniedException: "The signed-in identity needs sagemaker:CreateModel, and iam:PassRole on the execution role.",
};

/** Makes SageMaker forget a model; what it was made of stays in S3. @throws StepError */
export const removeModel = (aws: AwsSession, name: string): Promise<void> =>
  remove(`model ${name}`, () => sageMakerOf(aws).send(new DeleteModelCommand({ ModelName: name })));

/**
 * Makes a model known to SageMaker, for a transform job or an endpoint. It costs nothing by itself.
 *
 * @param tell is told of it first, so that it is removed in the end
 * @throws StepError
 */
export async function createModel(
  aws: AwsSession,
  input: CreateModelInput,
  tell: (made: Temporary) => void,
): Promise<void> {
  const { ModelName: name } = input;
  const what = `model ${name}`;
  tell({
    what,
    remove: () => removeModel(aws, name ?? ""),
    byHand: `aws sagemaker delete-model --model-name ${name} --region ${aws.region}`,
  });
  await create(`create the ${what}`, () => sageMakerOf(aws).send(new CreateModelCommand(input)), { hints });
}
