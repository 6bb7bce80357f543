import { ArgumentError, matching, optional, type ParameterReaders, yesOrNo } from "@keyspaces-segmentation/common";
import { jobKeys } from "./rules.js";

/** What a reader may settle about the network of training jobs and batch transforms. */
export interface NetworkParameters {
  /** Ids of the subnets that they run in, with commas between them; null: SageMaker's own network. */
  subnets: string | null;
  /** Ids of the security groups there, with commas between them. */
  securityGroups: string | null;
  /** Whether their containers get no network. */
  networkIsolation: boolean;
  /** Whether what the instances of a training send each other is encrypted. */
  encryptTraffic: boolean;
}

const ids = (most: number) =>
  optional(
    matching(
      `1 to ${most} ids with commas between them`,
      new RegExp(`^[-0-9a-zA-Z]{1,32}( *, *[-0-9a-zA-Z]{1,32}){0,${most - 1}}$`),
    ),
  );

/** How these parameters are read from a cell, the command line or the environment. */
export const networkParameters: ParameterReaders<NetworkParameters> = {
  subnets: ids(16),
  securityGroups: ids(5),
  networkIsolation: yesOrNo(false),
  encryptTraffic: yesOrNo(false),
};

/** What each of them is, in a few words for the reader of a notebook. */
export const NETWORK_PARAMETER_WORDS: Readonly<Record<keyof NetworkParameters, string>> = {
  subnets: "subnets that jobs run in",
  securityGroups: "their security groups",
  networkIsolation: "give the containers of jobs no network",
  encryptTraffic: "encrypt what training instances send each other",
};

/** What each of them stands for where it is null. */
export const NETWORK_NULL_WORDS: Readonly<Record<"subnets" | "securityGroups", string>> = {
  subnets: "SageMaker's own network",
  securityGroups: "none",
};

/**
 * Checks what only together makes sense, before anything is paid for.
 *
 * @throws ArgumentError
 */
export function requireNetwork(parameters: Omit<NetworkParameters, "encryptTraffic"> & { scoring: string }): void {
  const { subnets, securityGroups, networkIsolation, scoring } = parameters;
  if ((subnets === null) !== (securityGroups === null)) {
    const [name, other] = subnets === null ? ["subnets", "securityGroups"] : ["securityGroups", "subnets"];
    throw new ArgumentError(name!, `given where \`${other}\` are`, null);
  }
  if (scoring === "endpoint" && (subnets !== null || networkIsolation)) {
    const rule =
      "local or batch_transform with `subnets` or `networkIsolation`, which serverless endpoints do not have";
    throw new ArgumentError("scoring", rule, scoring);
  }
}

/** What of a request for a training job or a batch transform guards its data. */
export interface JobGuards {
  vpc?: { securityGroupIds: string[]; subnets: string[] };
  networkIsolation?: true;
  outputKmsKey?: string;
  volumeKmsKey?: string;
}

/** Keys and network of a job, as its parameters have them. */
export function jobGuards(
  parameters: Omit<NetworkParameters, "encryptTraffic"> & { kmsKey: string | null; instanceType: string },
): JobGuards {
  const { subnets, securityGroups, networkIsolation, kmsKey, instanceType } = parameters;
  const listed = (text: string) => text.split(",").map((id) => id.trim());
  return {
    ...jobKeys(kmsKey, { instanceType }),
    ...(subnets !== null &&
      securityGroups !== null && { vpc: { securityGroupIds: listed(securityGroups), subnets: listed(subnets) } }),
    ...(networkIsolation && { networkIsolation }),
  };
}
