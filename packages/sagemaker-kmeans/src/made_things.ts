import {
  DescribeEndpointCommand,
  DescribeEndpointConfigCommand,
  DescribeModelCommand,
  DescribeTrainingJobCommand,
  DescribeTransformJobCommand,
  ListTagsCommand,
} from "@aws-sdk/client-sagemaker";
import { endJob } from "@keyspaces-segmentation/aws-jobs";
import { type AwsSession, isDenied, type Origin, originOf } from "@keyspaces-segmentation/aws-session";
import { StepError } from "@keyspaces-segmentation/common";
import { sageMakerOf } from "./clients.js";
import { removeEndpoint, removeEndpointConfig } from "./endpoint_lifecycle.js";
import { trainingJob, transformJob } from "./followed_jobs.js";
import { removeModel } from "./hosted_model.js";
import { type Kind, type Listed, listsOf, unlessGone } from "./listings.js";

/** What is billed by the hour while it is there. */
export interface Instances {
  readonly use: "training" | "transform" | "hosting";
  readonly type: string;
  readonly count: number;
}

/** Something in SageMaker that bears the tags of what is made here, and costs or can be forgotten: of jobs, those that have not ended. */
export interface MadeThing extends Origin {
  readonly kind: Kind;
  readonly name: string;
  /** undefined where that is not known, or the thing has none. */
  readonly instances: Instances | "serverless" | undefined;
  /** What it would break without: others, as "model x", and URIs in S3. */
  readonly uses: readonly string[];
  /** What somebody else has made and would break without it. */
  readonly neededBy: string | undefined;
  /** Stops a job and waits for its end; deletes anything else. @throws StepError */
  readonly remove: () => Promise<void>;
}

/** Those of them that bear the tags. Of what has our kind of name only, and may be asked about; a refusal is told. */
async function marked(
  aws: AwsSession,
  list: readonly Listed[],
  { namesBegin, onRefused }: FindOptions,
): Promise<(Listed & Origin)[]> {
  const own: (Listed & Origin)[] = [];
  for (const { name, arn } of list) {
    if (!name.startsWith(namesBegin)) continue;
    const send = () => sageMakerOf(aws).send(new ListTagsCommand({ ResourceArn: arn, MaxResults: 100 }));
    try {
      const { Tags = [] } = (await unlessGone(`read the tags of ${arn}`, send)) ?? {};
      const origin = originOf(Object.fromEntries(Tags.map(({ Key = "", Value = "" }) => [Key, Value])));
      if (origin) own.push({ name, arn, ...origin });
    } catch (error) {
      if (!(error instanceof StepError && isDenied(error))) throw error;
      onRefused(error);
    }
  }
  return own;
}

interface Config {
  readonly models: readonly string[];
  readonly instances: MadeThing["instances"];
}

async function configOf(aws: AwsSession, name: string): Promise<Config> {
  const send = () => sageMakerOf(aws).send(new DescribeEndpointConfigCommand({ EndpointConfigName: name }));
  const { ProductionVariants: variants = [] } =
    (await unlessGone(`describe the endpoint configuration ${name}`, send)) ?? {};
  const [first] = variants;
  return {
    models: variants.flatMap(({ ModelName }) => ModelName ?? []),
    instances: first?.ServerlessConfig
      ? "serverless"
      : instancesOf("hosting", first?.InstanceType, first?.InitialInstanceCount),
  };
}

const instancesOf = (use: Instances["use"], type: string | undefined, count = 1): Instances | undefined =>
  type === undefined ? undefined : { use, type, count };

async function configNameOf(aws: AwsSession, endpoint: string): Promise<string | undefined> {
  const send = () => sageMakerOf(aws).send(new DescribeEndpointCommand({ EndpointName: endpoint }));
  return (await unlessGone(`describe the endpoint ${endpoint}`, send))?.EndpointConfigName;
}

type Job = Pick<MadeThing, "instances" | "uses">;

async function trainingOf(aws: AwsSession, name: string): Promise<Job> {
  const send = () => sageMakerOf(aws).send(new DescribeTrainingJobCommand({ TrainingJobName: name }));
  const {
    InputDataConfig: inputs = [],
    OutputDataConfig: output,
    ResourceConfig: resources,
  } = (await unlessGone(`describe the training job ${name}`, send)) ?? {};
  const uris = [
    ...inputs.map(({ DataSource }) => DataSource?.S3DataSource?.S3Uri),
    outputOf(output?.S3OutputPath, name),
  ];
  return {
    instances: instancesOf("training", resources?.InstanceType, resources?.InstanceCount),
    uses: uris.flatMap((uri) => uri ?? []),
  };
}

/** SageMaker puts a folder with the job's name below the one that it was given. */
const outputOf = (path: string | undefined, name: string): string | undefined =>
  path && `${path.replace(/\/$/, "")}/${name}/`;

async function transformOf(aws: AwsSession, name: string): Promise<Job> {
  const send = () => sageMakerOf(aws).send(new DescribeTransformJobCommand({ TransformJobName: name }));
  const {
    TransformInput: input,
    TransformOutput: output,
    TransformResources: resources,
  } = (await unlessGone(`describe the transform job ${name}`, send)) ?? {};
  return {
    instances: instancesOf("transform", resources?.InstanceType, resources?.InstanceCount),
    uses: [input?.DataSource?.S3DataSource?.S3Uri, output?.S3OutputPath].flatMap((uri) => uri ?? []),
  };
}

/** Looks through all endpoints and configurations that are not our own: what they use, as "model x", and what that is. */
async function neededByOthers(
  aws: AwsSession,
  endpoints: readonly string[],
  configs: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const needed = new Map<string, string>();
  for (const endpoint of endpoints) {
    const config = await configNameOf(aws, endpoint);
    if (config !== undefined) needed.set(`endpoint configuration ${config}`, `endpoint ${endpoint}`);
  }
  for (const name of configs) {
    for (const model of (await configOf(aws, name)).models)
      needed.set(`model ${model}`, `endpoint configuration ${name}`);
  }
  return needed;
}

interface FindOptions {
  /** What the names of all that is made here begin with; the rest is not asked about. */
  readonly namesBegin: string;
  /** Is told of each thing whose tags may not be read: it may be ours. */
  readonly onRefused: (failure: StepError) => void;
}

/**
 * Finds what runs have made in SageMaker and left: by its tags, never by its name alone. Nothing is changed.
 *
 * @returns in the order in which it has to be removed: jobs, endpoints, their configurations, models
 * @throws StepError when SageMaker refuses
 */
export async function findMade(
  aws: AwsSession,
  { namesBegin = "customer-segmentation-", onRefused }: Partial<FindOptions> & Pick<FindOptions, "onRefused">,
): Promise<MadeThing[]> {
  const lists = listsOf(aws);
  const own = (list: readonly Listed[]) => marked(aws, list, { namesBegin, onRefused });
  const found: MadeThing[] = [];
  const add = (kind: Kind, of: Listed & Origin, more: Partial<MadeThing> & Pick<MadeThing, "remove">) =>
    found.push({
      kind,
      name: of.name,
      run: of.run,
      owner: of.owner,
      instances: more.instances,
      uses: more.uses ?? [],
      neededBy: more.neededBy,
      remove: more.remove,
    });
  for (const job of await own(await lists["training job"]())) {
    const { instances, uses } = await trainingOf(aws, job.name);
    add("training job", job, { instances, uses, remove: () => endJob(trainingJob(aws, job.name)) });
  }
  for (const job of await own(await lists["transform job"]())) {
    const { instances, uses } = await transformOf(aws, job.name);
    add("transform job", job, { instances, uses, remove: () => endJob(transformJob(aws, job.name)) });
  }
  const [allEndpoints, allConfigs] = [await lists.endpoint(), await lists["endpoint configuration"]()];
  const endpoints = await own(allEndpoints);
  const configs = await own(allConfigs);
  const models = await own(await lists.model());
  if (endpoints.length + configs.length + models.length === 0) return found;
  const others = (list: readonly Listed[], ours: readonly Listed[]) =>
    list.map(({ name }) => name).filter((name) => !ours.some((each) => each.name === name));
  const needed = await neededByOthers(aws, others(allEndpoints, endpoints), others(allConfigs, configs));
  for (const endpoint of endpoints) {
    const { name } = endpoint;
    const config = await configNameOf(aws, name);
    const instances = config === undefined ? undefined : (await configOf(aws, config)).instances;
    const uses = config === undefined ? [] : [`endpoint configuration ${config}`];
    add("endpoint", endpoint, { instances, uses, remove: () => removeEndpoint({ aws, name }) });
  }
  for (const config of configs) {
    const { name } = config;
    const uses = (await configOf(aws, name)).models.map((model) => `model ${model}`);
    const neededBy = needed.get(`endpoint configuration ${name}`);
    add("endpoint configuration", config, { uses, neededBy, remove: () => removeEndpointConfig(aws, name) });
  }
  for (const model of models) {
    const { name } = model;
    const send = () => sageMakerOf(aws).send(new DescribeModelCommand({ ModelName: name }));
    const uri = (await unlessGone(`describe the model ${name}`, send))?.PrimaryContainer?.ModelDataUrl;
    const uses = uri === undefined ? [] : [uri];
    add("model", model, { uses, neededBy: needed.get(`model ${name}`), remove: () => removeModel(aws, name) });
  }
  return found;
}
