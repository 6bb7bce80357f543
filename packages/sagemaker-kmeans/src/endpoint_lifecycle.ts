import {
  CreateEndpointCommand,
  CreateEndpointConfigCommand,
  DeleteEndpointCommand,
  DeleteEndpointConfigCommand,
  DescribeEndpointCommand,
  type DescribeEndpointCommandOutput,
} from "@aws-sdk/client-sagemaker";
import type { AwsSession } from "@keyspaces-segmentation/aws-session";
import { type Look, messageOf, StepError, waitUntil } from "@keyspaces-segmentation/common";
import { askOnce, create, instanceHint } from "./ask.js";
import { sageMakerOf } from "./clients.js";
import type { PlannedEndpoint } from "./endpoint_request.js";
import { oneLine, type StatusChange, secondsBetween } from "./follow_job.js";
import { isUnknown, remove, type Temporary } from "./removal.js";

/** An endpoint by its name, which is also that of its configuration and its model. */
export interface NamedEndpoint {
  aws: AwsSession;
  name: string;
  onStatus?: ((change: StatusChange) => void) | undefined;
}

/** Where to read what an endpoint's container says. */
export const whereEndpointLogs = (name: string): string =>
  `Its log is in CloudWatch, group /aws/sagemaker/Endpoints/${name}.`;

/**
 * Creates an endpoint and its configuration. It is not in service then.
 *
 * @param tell is told of each before it is made, so that both are removed in the end
 * @throws StepError
 */
export async function createEndpoint(
  endpoint: NamedEndpoint,
  { config, endpoint: input }: PlannedEndpoint,
  tell: (made: Temporary) => void,
): Promise<void> {
  const { aws, name } = endpoint;
  const sageMaker = sageMakerOf(aws);
  const hintFor = instanceHint(config.ProductionVariants?.[0]?.InstanceType, aws.region);
  const what = `endpoint configuration ${name}`;
  tell({
    what,
    remove: () => removeEndpointConfig(aws, name),
    byHand: `aws sagemaker delete-endpoint-config --endpoint-config-name ${name} --region ${aws.region}`,
  });
  await create(`create the ${what}`, () => sageMaker.send(new CreateEndpointConfigCommand(config)), { hintFor });
  tell({
    what: `endpoint ${name}`,
    remove: () => removeEndpoint(endpoint),
    byHand: `aws sagemaker delete-endpoint --endpoint-name ${name} --region ${aws.region}`,
  });
  await create(`create the endpoint ${name}`, () => sageMaker.send(new CreateEndpointCommand(input)), { hintFor });
}

/** Deletes an endpoint's configuration. @throws StepError */
export const removeEndpointConfig = (aws: AwsSession, name: string): Promise<void> =>
  remove(`endpoint configuration ${name}`, () =>
    sageMakerOf(aws).send(new DeleteEndpointConfigCommand({ EndpointConfigName: name })),
  );

const stateOf = ({ name }: NamedEndpoint): string => `ask for the state of the endpoint ${name}`;

const describeEndpoint = ({ aws, name }: NamedEndpoint, signal?: AbortSignal) =>
  sageMakerOf(aws).send(new DescribeEndpointCommand({ EndpointName: name }), signal ? { abortSignal: signal } : {});

/** Tells each change of an endpoint's status once. */
function statusTeller({ name, onStatus }: NamedEndpoint): (seen: DescribeEndpointCommandOutput) => string {
  let told = "";
  return ({ EndpointStatus: status = "", FailureReason, CreationTime, LastModifiedTime }) => {
    const seconds = secondsBetween(CreationTime, LastModifiedTime);
    if (status !== told) {
      onStatus?.({ job: name, status, secondaryStatus: status, message: FailureReason ?? "", seconds });
    }
    told = status;
    return status;
  };
}

/** Waits until an endpoint can be asked. @throws StepError when it fails or takes too long; the signal's reason when aborted */
export async function waitForService(
  endpoint: NamedEndpoint,
  { signal, deadlineMs }: { signal: AbortSignal | undefined; deadlineMs: number },
): Promise<void> {
  const { name } = endpoint;
  const tell = statusTeller(endpoint);
  let seen = "nothing";
  const look = async (): Promise<Look<true>> => {
    const answer = await askOnce(stateOf(endpoint), () => describeEndpoint(endpoint, signal), { signal });
    if (answer.passing !== undefined) return { seen: `${seen}; then no answer (${answer.passing})` };
    seen = tell(answer.value);
    if (["Creating", "Updating", "SystemUpdating"].includes(seen)) return { seen };
    if (seen === "InService") return { done: true, seen };
    const got = `it is ${seen}: ${oneLine(answer.value.FailureReason)}`;
    throw new StepError({ tried: `bring the endpoint ${name} into service`, got, hint: whereEndpointLogs(name) });
  };
  const pace = { deadlineMs, maxDelayMs: 15_000, signal };
  await waitUntil(`the endpoint ${name} to be in service`, look, pace);
}

/** An endpoint that is being made refuses to be deleted until it is there, which can take a while. Milliseconds. */
const refusalMs = 1_800_000;
/** From the deletion until it is gone. */
const deletionMs = 600_000;

/** Deletes an endpoint and waits until it is gone, because its configuration must not be deleted before. @throws StepError */
export async function removeEndpoint(endpoint: NamedEndpoint): Promise<void> {
  const { aws, name } = endpoint;
  const passes = (error: unknown) => /in-progress endpoint|is in progress/i.test(messageOf(error));
  const send = () => sageMakerOf(aws).send(new DeleteEndpointCommand({ EndpointName: name }));
  await remove(`endpoint ${name}`, send, { deadlineMs: refusalMs, passes });
  const tell = statusTeller(endpoint);
  const describe = async (): Promise<DescribeEndpointCommandOutput | undefined> => {
    try {
      return await describeEndpoint(endpoint);
    } catch (error) {
      if (isUnknown(error)) return undefined;
      throw error;
    }
  };
  const look = async (): Promise<Look<true>> => {
    const answer = await askOnce(stateOf(endpoint), describe);
    if (answer.passing !== undefined) return { seen: answer.passing };
    return answer.value === undefined ? { done: true, seen: "gone" } : { seen: tell(answer.value) };
  };
  const pace = { deadlineMs: deletionMs };
  await waitUntil(`the endpoint ${name} to be deleted`, look, pace);
}
