import { CreateModelCommand, DeleteModelCommand } from "@aws-sdk/client-sagemaker";
import type { AwsSession } from "@keyspaces-segmentation/aws-session";
import { sageMakerOf } from "@keyspaces-segmentation/aws-session";
import { create } from "./ask.js";
import { modelInput } from "./hosting_input.js";
import type { ModelToHost } from "./hosting_request.js";
import { remove, type Temporary } from "./removal.js";

const hints = {
  ValidationException: "Check that the model lies in this region, and that the execution role may read it.",
  AccessDeniedException: "The signed-in identity needs sagemaker:CreateModel, and iam:PassRole on the execution role.",
};

/**
 * Makes a model known to SageMaker, for a transform job or an endpoint. It costs nothing by itself.
 *
 * @param tell is told of it first, so that it is removed in the end
 * @throws StepError
 */
export async function createModel(
  aws: AwsSession,
  model: ModelToHost,
  name: string,
  tell: (made: Temporary) => void,
): Promise<void> {
  const what = `model ${name}`;
  tell({
    what,
    remove: () => remove(what, () => sageMakerOf(aws).send(new DeleteModelCommand({ ModelName: name }))),
    byHand: `aws sagemaker delete-model --model-name ${name} --region ${aws.region}`,
  });
  const command = new CreateModelCommand(modelInput(model, name, aws.region));
  await create(`create the ${what}`, () => sageMakerOf(aws).send(command), { hints });
}
