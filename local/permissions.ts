import { CreateRoleCommand, type IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { ROLE_NAME } from "@keyspaces-segmentation/local-support";
import { type PolicyParameters, renderPolicy } from "./policies.js";

/** The role that training jobs run as where the notebook may do no more than it needs. */
export const TRAINING_ROLE = "LocalTraining";

/** The role that Spark's jobs run as there. */
export const FEATURES_ROLE = "LocalFeatures";

/** What the policies have to be held to. */
export interface Scope {
  readonly region: string;
  readonly account: string;
  readonly data: { readonly bucket: string; readonly key: string };
  /** The parameters of the run, as variables of the environment. */
  readonly variables: Readonly<Record<string, string | undefined>>;
}

/** A file's name in a policy: what means something there stands for itself. */
const literally = (name: string): string => name.replace(/[*?$]/g, (character) => `$${"{"}${character}}`);

/** Values for the policies of infra/iam, for one run on one machine. */
export function policyParameters({ region, account, data, variables }: Scope): PolicyParameters {
  const key = variables.SEGMENTATION_KMS_KEY;
  return {
    ...(key !== undefined && { KeyId: key.slice(key.lastIndexOf("/") + 1) }),
    "AWS::Partition": "aws",
    "AWS::Region": region,
    "AWS::AccountId": account,
    Keyspace: variables.SEGMENTATION_KEYSPACE ?? "blog_*",
    Table: variables.SEGMENTATION_TABLE ?? "online_retail",
    Bucket: variables.SEGMENTATION_BUCKET ?? `sagemaker-${region}-${account}`,
    Prefix: variables.SEGMENTATION_PREFIX ?? "customer-segmentation",
    DataBucket: data.bucket,
    DataKey: literally(data.key),
    InstanceType: variables.SEGMENTATION_INSTANCE_TYPE ?? "ml.m5.large",
    TrainingRole: TRAINING_ROLE,
    FeaturesRole: FEATURES_ROLE,
    NotebookRole: ROLE_NAME,
  };
}

/** The policies of the roles of a run, by the name of the role. */
export const policiesOfRoles: Readonly<Record<string, readonly string[]>> = {
  [ROLE_NAME]: ["notebook_policy", "scoring_policy", "spark_policy"],
  [TRAINING_ROLE]: ["training_policy"],
  [FEATURES_ROLE]: ["features_policy"],
};

/** Those of all roles, where the run has a key of its own. */
export const policiesOfKey: readonly string[] = ["key_use_policy"];

/** Makes the roles of the notebook and of its jobs, with exactly the policies of infra/iam. */
export async function createRoles(iam: IAMClient, parameters: PolicyParameters, signal: AbortSignal): Promise<void> {
  const abort = { abortSignal: signal };
  const trusts = {
    [ROLE_NAME]: "notebook_trust",
    [TRAINING_ROLE]: "training_trust",
    [FEATURES_ROLE]: "features_trust",
  };
  for (const [RoleName, trust] of Object.entries(trusts)) {
    const AssumeRolePolicyDocument = JSON.stringify(renderPolicy(trust, parameters));
    await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }), abort);
    for (const PolicyName of [...(policiesOfRoles[RoleName] ?? []), ...(parameters.KeyId ? policiesOfKey : [])]) {
      const PolicyDocument = JSON.stringify(renderPolicy(PolicyName, parameters));
      await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument }), abort);
    }
  }
}

/** Makes the one role of whoever may do everything, also as the role of their jobs. */
export async function createFreeRole(iam: IAMClient, signal: AbortSignal): Promise<void> {
  const documentOf = (statement: object) => JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
  const services = ["sagemaker.amazonaws.com", "glue.amazonaws.com"];
  const trust = { Effect: "Allow", Principal: { Service: services }, Action: "sts:AssumeRole" };
  const everything = { Effect: "Allow", Action: "*", Resource: "*" };
  const abort = { abortSignal: signal };
  const role = { RoleName: ROLE_NAME, AssumeRolePolicyDocument: documentOf(trust) };
  await iam.send(new CreateRoleCommand(role), abort);
  const policy = { RoleName: ROLE_NAME, PolicyName: "everything", PolicyDocument: documentOf(everything) };
  await iam.send(new PutRolePolicyCommand(policy), abort);
}
