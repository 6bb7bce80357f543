import { CreateRoleCommand, type IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { ROLE_NAME } from "@keyspaces-segmentation/local-support";
import { type PolicyParameters, renderPolicy } from "./policies.js";

/** The role that training jobs run as where the notebook may do no more than it needs. */
export const TRAINING_ROLE = "LocalTraining";

/** What the policies have to be held to. */
export interface Scope {
  readonly region: string;
  readonly account: string;
  readonly data: { readonly bucket: string; readonly key: string };
  /** The parameters of the run, as variables of the environment. */
  readonly variables: Readonly<Record<string, string | undefined>>;
}

/** Values for the policies of infra/iam, for one run on one machine. */
export function policyParameters({ region, account, data, variables }: Scope): PolicyParameters {
  return {
    "AWS::Partition": "aws",
    "AWS::Region": region,
    "AWS::AccountId": account,
    Keyspace: variables.SEGMENTATION_KEYSPACE ?? "blog_*",
    Bucket: variables.SEGMENTATION_BUCKET ?? `sagemaker-${region}-${account}`,
    Prefix: variables.SEGMENTATION_PREFIX ?? "customer-segmentation",
    DataBucket: data.bucket,
    DataKey: data.key,
    InstanceType: variables.SEGMENTATION_INSTANCE_TYPE ?? "ml.m5.large",
    TrainingRole: TRAINING_ROLE,
    NotebookRole: ROLE_NAME,
  };
}

/** The policies of the two roles of a run, by the name of the role. */
export const policiesOfRoles: Readonly<Record<string, readonly string[]>> = {
  [ROLE_NAME]: ["notebook_policy", "scoring_policy"],
  [TRAINING_ROLE]: ["training_policy"],
};

/** Makes the roles of the notebook and of its training jobs, with exactly the policies of infra/iam. */
export async function createRoles(iam: IAMClient, parameters: PolicyParameters, signal: AbortSignal): Promise<void> {
  const abort = { abortSignal: signal };
  const trusts = { [ROLE_NAME]: "notebook_trust", [TRAINING_ROLE]: "training_trust" };
  for (const [RoleName, trust] of Object.entries(trusts)) {
    const AssumeRolePolicyDocument = JSON.stringify(renderPolicy(trust, parameters));
    await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }), abort);
    for (const PolicyName of policiesOfRoles[RoleName] ?? []) {
      const PolicyDocument = JSON.stringify(renderPolicy(PolicyName, parameters));
      await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument }), abort);
    }
  }
}
