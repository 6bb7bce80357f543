import { readFile } from "node:fs/promises";
import { GetRoleCommand } from "@aws-sdk/client-iam";
import {
  DescribeDomainCommand,
  DescribeNotebookInstanceCommand,
  DescribeUserProfileCommand,
} from "@aws-sdk/client-sagemaker";
import { messageOf, StepError } from "@keyspaces-segmentation/common";
import { iamOf, sageMakerOf } from "./clients.js";
import { awsFailure, credentialsExpired, isDenied, passesByItself, reasonOf } from "./failure.js";
import type { AwsSession } from "./session.js";
import { type Trust, trustOf } from "./trust_policy.js";

export interface ExecutionRole {
  arn: string;
  /** Where the answer came from, in words. */
  source: string;
}

/** What Studio and notebook instances write about themselves. Every field may be missing. */
interface ResourceMetadata {
  ResourceName?: string;
  DomainId?: string;
  UserProfileName?: string;
  ExecutionRoleArn?: string;
}

/** One source to ask: the ARN, or undefined when it names none. */
interface RoleSource {
  source: string;
  look: () => Promise<string | undefined>;
}

async function readMetadata(file: string): Promise<ResourceMetadata> {
  try {
    return JSON.parse(await readFile(file, "utf8")) as ResourceMetadata;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return {};
    throw error;
  }
}

/** IAM's name for the reason, and that of the SDK's class for it. */
const isNoSuchRole = (error: unknown): boolean => ["NoSuchEntity", "NoSuchEntityException"].includes(reasonOf(error));

const signedIn = "the signed-in role";

async function roleNamed(aws: AwsSession, name: string): Promise<string | undefined> {
  return (await iamOf(aws).send(new GetRoleCommand({ RoleName: name }))).Role?.Arn;
}

/** Whether a source could not be asked. A page instead of an answer comes from a service that does not know the question. */
const isTrouble = (error: unknown): boolean =>
  credentialsExpired(error) || (passesByItself(error) && reasonOf(error) !== "SyntaxError");

/** Where SageMaker's own environments keep the role. */
function sourcesInMetadata(aws: AwsSession, metadata: ResourceMetadata): RoleSource[] {
  const { ResourceName, DomainId, UserProfileName, ExecutionRoleArn } = metadata;
  const sageMaker = sageMakerOf(aws);
  const sources: RoleSource[] = [];
  if (ExecutionRoleArn) sources.push({ source: "this Studio environment", look: async () => ExecutionRoleArn });
  if (DomainId && UserProfileName) {
    sources.push({
      source: `user profile ${UserProfileName}`,
      look: async () =>
        (await sageMaker.send(new DescribeUserProfileCommand({ DomainId, UserProfileName }))).UserSettings
          ?.ExecutionRole,
    });
  }
  if (DomainId) {
    sources.push({
      source: `Studio domain ${DomainId}`,
      look: async () =>
        (await sageMaker.send(new DescribeDomainCommand({ DomainId }))).DefaultUserSettings?.ExecutionRole,
    });
  } else if (ResourceName) {
    sources.push({
      source: `notebook instance ${ResourceName}`,
      look: async () =>
        (await sageMaker.send(new DescribeNotebookInstanceCommand({ NotebookInstanceName: ResourceName }))).RoleArn,
    });
  }
  return sources;
}

/** `arn:aws:sts::123456789012:assumed-role/ROLE/SESSION` tells the role's name, but not the path in its ARN: IAM does. */
function callerSource(aws: AwsSession): RoleSource {
  const [, partition, account, name] = /^arn:(.+?):sts::(\d+):assumed-role\/(.+?)\//.exec(aws.arn) ?? [];
  return {
    source: signedIn,
    look: async () => {
      if (!name) throw new Error(`${aws.arn} is not a role`);
      try {
        return await roleNamed(aws, name);
      } catch (error) {
        if (!isDenied(error) && !isNoSuchRole(error)) throw error;
        // Without iam:GetRole, the path that SageMaker gives to roles it makes is a good guess.
        const path = name.includes("AmazonSageMaker-ExecutionRole") ? "service-role/" : "";
        return `arn:${partition}:iam::${account}:role/${path}${name}`;
      }
    },
  };
}

/**
 * Finds the role that a training job is to run as: the one given, else the one of the Studio or notebook instance we run in,
 * else the signed-in one. The order is that of the SageMaker Python SDK's `get_execution_role`; every source may fail.
 *
 * @param given ARN or name of a role; it alone is asked when it is there
 * @param metadataFile where SageMaker's environments describe themselves
 * @throws StepError that says what each source answered
 */
export async function findExecutionRole(
  aws: AwsSession,
  given: string | null,
  metadataFile: string = "/opt/ml/metadata/resource-metadata.json",
): Promise<ExecutionRole> {
  const answers: string[] = [];
  const sources: RoleSource[] = [];
  if (given !== null) {
    const look = async () => (given.includes("/") ? given : roleNamed(aws, given));
    sources.push({ source: "the parameter executionRole", look });
  } else {
    try {
      sources.push(...sourcesInMetadata(aws, await readMetadata(metadataFile)));
    } catch (error) {
      answers.push(`${metadataFile} (${messageOf(error)})`);
    }
    sources.push(callerSource(aws));
  }
  for (const { source, look } of sources) {
    try {
      const arn = await look();
      if (arn?.includes(":role/")) return { arn, source };
      answers.push(`${source} (names no role)`);
    } catch (error) {
      // Another source would name another role, only because this one could not be asked.
      if (isTrouble(error)) throw awsFailure(`ask ${source} for its role`, error);
      answers.push(`${source} (${messageOf(error)})`);
    }
  }
  throw new StepError({
    tried: "find the execution role of training jobs",
    got: `asked ${answers.join(", ")}`,
    hint: "Set the parameter executionRole to the ARN of a role that SageMaker may assume.",
  });
}

/**
 * The ARN of a role that a parameter names; one that is an ARN is not asked about.
 *
 * @param given ARN or name
 * @throws StepError where IAM knows no such role, or does not say
 */
export async function roleArn(aws: AwsSession, given: string, parameter: string): Promise<string> {
  if (given.includes("/")) return given;
  const tried = `look for the role ${given} of the parameter \`${parameter}\``;
  const absent = `Set \`${parameter}\` to the name or the ARN of a role of account ${aws.account}.`;
  const denied = `The signed-in identity needs iam:GetRole to look for a role by its name; or set \`${parameter}\` to the role's ARN.`;
  const hints = { NoSuchEntity: absent, NoSuchEntityException: absent, AccessDenied: denied };
  try {
    const arn = await roleNamed(aws, given);
    if (arn !== undefined) return arn;
  } catch (error) {
    throw awsFailure(tried, error, hints);
  }
  throw new StepError({ tried, got: "IAM named none", hint: absent });
}

/**
 * Whether SageMaker may run jobs as a role that was found: by its trust policy, where the signed-in identity may read it.
 *
 * @throws StepError when IAM could not be asked
 */
export async function trustInSageMaker(aws: AwsSession, { arn, source }: ExecutionRole): Promise<Trust> {
  const [, account, name = ""] = /^arn:[^:]+:iam::(\d{12}):role\/(?:.*\/)?([^/]+)$/.exec(arn) ?? [];
  if (account !== aws.account) return { mayAssume: false, why: `it is not one of account ${aws.account}` };
  if (name.startsWith("AWSReservedSSO_")) {
    return { mayAssume: false, why: "it is a role of IAM Identity Center, which only its users may assume" };
  }
  try {
    const { Role: role } = await iamOf(aws).send(new GetRoleCommand({ RoleName: name }));
    return trustOf(role?.AssumeRolePolicyDocument ?? "", aws);
  } catch (error) {
    if (isDenied(error)) return { mayAssume: "unknown", why: "its trust policy may not be read (iam:GetRole)" };
    if (!isNoSuchRole(error)) throw awsFailure(`read the trust policy of ${arn}`, error);
    // Who is signed in as a role knows that there is one, whatever IAM says a moment later.
    if (source === signedIn) return { mayAssume: "unknown", why: "IAM does not know it" };
    return { mayAssume: false, why: "there is no such role" };
  }
}
