import type { CreateModelInput, VpcConfig } from "@aws-sdk/client-sagemaker";
import type { Identity } from "@keyspaces-segmentation/local-support";
import { AwsError } from "@keyspaces-segmentation/local-support";
import type { SageMakerContext } from "../context.js";
import { kMeansImage } from "../images.js";
import type { Model } from "../records.js";
import { listAsFarAsAllowed, parseS3Uri, requireS3Uri } from "../store.js";
import { type ListRequest, pageOf } from "./listing.js";
import { setTags } from "./tags.js";

const emulated = [
  "ModelName",
  "PrimaryContainer.Image",
  "PrimaryContainer.ModelDataUrl",
  "PrimaryContainer.Environment",
  "PrimaryContainer.ContainerHostname",
  "PrimaryContainer.Mode",
  "ExecutionRoleArn",
  "Tags",
  "VpcConfig",
  "EnableNetworkIsolation",
];

/** Makes a model of a model.tar.gz that is in S3. */
export async function createModel(input: unknown, context: SageMakerContext, { account }: Identity): Promise<object> {
  const request = context.check<CreateModelInput & { ModelName: string }>("CreateModel", input, emulated);
  const { ModelName: name, PrimaryContainer: container, ExecutionRoleArn } = request;
  const { region, store, models } = context;
  const arn = `arn:aws:sagemaker:${region}:${account}:model/${name.toLowerCase()}`;
  const invalid = (message: string) => new AwsError("ValidationException", message);
  if (!container?.Image) throw invalid("A model needs a PrimaryContainer with an Image.");
  if (!ExecutionRoleArn) throw invalid("A model needs an ExecutionRoleArn.");
  const image = kMeansImage(region);
  if (container.Image !== image || container.Mode === "MultiModel") {
    const what = container.Mode === "MultiModel" ? "Mode 'MultiModel'" : `Image '${container.Image}'`;
    throw new AwsError("notEmulated", `${what} is not emulated.`);
  }
  const refuseTaken = () => {
    if (models.has(name)) throw invalid(`Cannot create already existing model "${arn}".`);
  };
  refuseTaken();
  const dataUrl = container.ModelDataUrl ?? "";
  requireS3Uri("ModelDataUrl", container.ModelDataUrl);
  const { bucket, key } = parseS3Uri(dataUrl);
  if (!(await listAsFarAsAllowed(store.as(ExecutionRoleArn), bucket, key)).includes(key))
    throw invalid(`Could not find model data at ${dataUrl}.`);
  refuseTaken();
  models.set(name, { name, arn, created: context.now(), request, dataUrl });
  setTags(context, arn, request.Tags);
  return { ModelArn: arn };
}

/** @throws AwsError as AWS words it for a model that does not exist */
export function modelNamed(name: string, { models, region }: SageMakerContext, { account }: Identity): Model {
  const model = models.get(name);
  if (model) return model;
  const arn = `arn:aws:sagemaker:${region}:${account}:model/${name.toLowerCase()}`;
  throw new AwsError("ValidationException", `Could not find model "${arn}".`);
}

/** The model as it was asked for. */
export function describeModel(input: unknown, context: SageMakerContext, identity: Identity): object {
  const { ModelName } = context.check<{ ModelName: string }>("DescribeModel", input);
  const { request, arn, created } = modelNamed(ModelName, context, identity);
  const { Tags: _, ...rest } = request;
  return { EnableNetworkIsolation: false, ...rest, ModelArn: arn, CreationTime: created };
}

/** Forgets a model; its data stay in S3. */
export function deleteModel(input: unknown, context: SageMakerContext, identity: Identity): object {
  const { ModelName } = context.check<{ ModelName: string }>("DeleteModel", input);
  const { arn } = modelNamed(ModelName, context, identity);
  context.models.delete(ModelName);
  context.tags.delete(arn);
  return {};
}

/** The models, filtered, sorted and in pages. */
export function listModels(input: unknown, context: SageMakerContext): object {
  const { page, NextToken } = pageOf(
    context.models.values(),
    context.check<ListRequest>("ListModels", input),
    "Descending",
  );
  const Models = page.map(({ name, arn, created }) => ({ ModelName: name, ModelArn: arn, CreationTime: created }));
  return { Models, NextToken };
}

/** Whether a model asks for a network of its own, which some ways of hosting do not have. */
export const isIsolated = ({ request }: Model): boolean =>
  request.EnableNetworkIsolation === true || (request.VpcConfig as VpcConfig | undefined) !== undefined;
