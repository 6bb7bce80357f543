import {
  DescribeEndpointCommand,
  DescribeEndpointConfigCommand,
  DescribeModelCommand,
  DescribeTrainingJobCommand,
  DescribeTransformJobCommand,
  ListTagsCommand,
} from "@aws-sdk/client-sagemaker";
import { endJob } from "@keyspaces-segmentation/aws-jobs";
import { type AwsSession, type Origin, originOf } from "@keyspaces-segmentation/aws-session";
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

/** Something in SageMaker that bears the tags of what is made here, and costs or can be forgotten: of jobs, those that are running. */
export interface MadeThing extends Origin {
  readonly kind: Kind;
  readonly name: string;
  readonly instances: Instances | undefined;
  /** Of a model, and of what serves one that was made here: the URI of its model.tar.gz. */
  readonly modelUri: string | undefined;
  /** What somebody else has made and would break without it. */
  readonly neededBy: string | undefined;
  /** Stops a job and waits for its end; deletes anything else. @throws StepError */
  readonly remove: () => Promise<void>;
}

/** Those of them that bear the tags. Only what has our kind of name is asked about. */
async function marked(aws: AwsSession, list: readonly Listed[], namesBegin: string): Promise<(Listed & Origin)[]> {
  const own: (Listed & Origin)[] = [];
  for (const { name, arn } of list) {
    if (!name.startsWith(namesBegin)) continue;
    const send = () => sageMakerOf(aws).send(new ListTagsCommand({ ResourceArn: arn, MaxResults: 100 }));
    const { Tags = [] } = (await unlessGone(`read the tags of ${arn}`, send)) ?? {};
    const origin = originOf(Object.fromEntries(Tags.map(({ Key = "", Value = "" }) => [Key, Value])));
    if (origin) own.push({ name, arn, ...origin });
  }
  return own;
}

interface Config {
  readonly models: readonly string[];
  readonly instances: Instances | undefined;
}

async function configOf(aws: AwsSession, name: string): Promise<Config> {
  const send = () => sageMakerOf(aws).send(new DescribeEndpointConfigCommand({ EndpointConfigName: name }));
  const { ProductionVariants: variants = [] } =
    (await unlessGone(`describe the endpoint configuration ${name}`, send)) ?? {};
  const [first] = variants;
  return {
    models: variants.flatMap(({ ModelName }) => ModelName ?? []),
    instances: first?.InstanceType && {
      use: "hosting",
      type: first.InstanceType,
      count: first.InitialInstanceCount ?? 1,
    },
  };
}

async function configNameOf(aws: AwsSession, endpoint: string): Promise<string | undefined> {
  const send = () => sageMakerOf(aws).send(new DescribeEndpointCommand({ EndpointName: endpoint }));
  return (await unlessGone(`describe the endpoint ${endpoint}`, send))?.EndpointConfigName;
}

async function instancesOfJob(aws: AwsSession, kind: "training" | "transform", name: string): Promise<Instances> {
  const sageMaker = sageMakerOf(aws);
  const resources = await unlessGone(`describe the ${kind} job ${name}`, async () =>
    kind === "training"
      ? (await sageMaker.send(new DescribeTrainingJobCommand({ TrainingJobName: name }))).ResourceConfig
      : (await sageMaker.send(new DescribeTransformJobCommand({ TransformJobName: name }))).TransformResources,
  );
  return { use: kind, type: resources?.InstanceType ?? "", count: resources?.InstanceCount ?? 1 };
}

/** Configurations and models that something of somebody else's uses, and what that is. */
interface Needed {
  readonly configs: ReadonlyMap<string, string>;
  readonly models: ReadonlyMap<string, string>;
}

/** Looks through all endpoints and configurations that are not our own. */
async function neededByOthers(
  aws: AwsSession,
  endpoints: readonly string[],
  configs: readonly string[],
  own: ReadonlyMap<string, Config>,
): Promise<Needed> {
  const needed = { configs: new Map<string, string>(), models: new Map<string, string>() };
  for (const endpoint of endpoints) {
    const config = await configNameOf(aws, endpoint);
    if (config !== undefined) needed.configs.set(config, `endpoint ${endpoint}`);
  }
  for (const name of configs) {
    for (const model of (await configOf(aws, name)).models) needed.models.set(model, `endpoint configuration ${name}`);
  }
  for (const [config, by] of needed.configs) {
    for (const model of own.get(config)?.models ?? []) needed.models.set(model, by);
  }
  return needed;
}

/**
 * Finds what runs have made in SageMaker and left: by its tags, never by its name alone. Nothing is changed.
 *
 * @param options.namesBegin what the names of all that is made here begin with; the rest is not asked about
 * @returns in the order in which it has to be removed: jobs, endpoints, their configurations, models
 * @throws StepError when SageMaker refuses
 */
export async function findMade(
  aws: AwsSession,
  { namesBegin = "customer-segmentation" }: { namesBegin?: string } = {},
): Promise<MadeThing[]> {
  const lists = listsOf(aws);
  const found: MadeThing[] = [];
  const add = (kind: Kind, of: Listed & Origin, more: Partial<MadeThing> & Pick<MadeThing, "remove">) =>
    found.push({
      kind,
      name: of.name,
      run: of.run,
      owner: of.owner,
      instances: more.instances,
      modelUri: more.modelUri,
      neededBy: more.neededBy,
      remove: more.remove,
    });
  for (const kind of ["training", "transform"] as const) {
    for (const job of await marked(aws, await lists[`${kind} job`](), namesBegin)) {
      const remove = () =>
        kind === "training" ? endJob(trainingJob(aws, job.name)) : endJob(transformJob(aws, job.name));
      add(`${kind} job`, job, { instances: await instancesOfJob(aws, kind, job.name), remove });
    }
  }
  const [allEndpoints, allConfigs] = [await lists.endpoint(), await lists["endpoint configuration"]()];
  const endpoints = await marked(aws, allEndpoints, namesBegin);
  const configs = await marked(aws, allConfigs, namesBegin);
  const models = await marked(aws, await lists.model(), namesBegin);
  if (endpoints.length + configs.length + models.length === 0) return found;
  const own = new Map<string, Config>();
  for (const { name } of configs) own.set(name, await configOf(aws, name));
  const others = (list: readonly Listed[], ours: readonly Listed[]) =>
    list.map(({ name }) => name).filter((name) => !ours.some((each) => each.name === name));
  const needed = await neededByOthers(aws, others(allEndpoints, endpoints), others(allConfigs, configs), own);
  const uris = new Map<string, string | undefined>();
  for (const { name } of models) {
    const send = () => sageMakerOf(aws).send(new DescribeModelCommand({ ModelName: name }));
    uris.set(name, (await unlessGone(`describe the model ${name}`, send))?.PrimaryContainer?.ModelDataUrl);
  }
  const servedBy = (config: Config | undefined) => config?.models.flatMap((model) => uris.get(model) ?? [])[0];
  for (const endpoint of endpoints) {
    const { name } = endpoint;
    const configName = await configNameOf(aws, name);
    const config = configName === undefined ? undefined : (own.get(configName) ?? (await configOf(aws, configName)));
    const remove = () => removeEndpoint({ aws, name });
    add("endpoint", endpoint, { instances: config?.instances, modelUri: servedBy(config), remove });
  }
  for (const config of configs) {
    const { name } = config;
    const remove = () => removeEndpointConfig(aws, name);
    const modelUri = servedBy(own.get(name));
    add("endpoint configuration", config, { modelUri, neededBy: needed.configs.get(name), remove });
  }
  for (const model of models) {
    const { name } = model;
    const modelUri = uris.get(name);
    add("model", model, { modelUri, neededBy: needed.models.get(name), remove: () => removeModel(aws, name) });
  }
  return found;
}
