import type { Tag, VpcConfig } from "@aws-sdk/client-sagemaker";
import { ArgumentError } from "@keyspaces-segmentation/common";
import type { ContainerSettings, Tags, Vpc } from "./requests.js";
import { flag, optional, type Rule, type Rules } from "./rules.js";

export const vpc: Rule<Vpc> = (name, ids) => {
  for (const [list, most] of [["securityGroupIds", 5] as const, ["subnets", 16] as const]) {
    const { length } = ids[list];
    if (length >= 1 && length <= most && ids[list].every((id) => /^[-0-9a-zA-Z]{1,32}$/.test(id))) continue;
    throw new ArgumentError(`${name}.${list}`, `1 to ${most} ids`, ids[list].join(", "));
  }
};

export const tags: Rule<Tags> = (name, given) => {
  const entries = Object.entries(given);
  if (entries.length > 50) throw new ArgumentError(name, "at most 50", entries.length);
  const characters = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;
  for (const [key, value] of entries) {
    if (key.length < 1 || key.length > 128 || !characters.test(key) || /^aws:/i.test(key)) {
      throw new ArgumentError(name, "keys of 1 to 128 letters, digits, spaces and _.:/=+-@, not of aws:", key);
    }
    if (value.length > 256 || !characters.test(value)) {
      throw new ArgumentError(`${name}[${key}]`, "at most 256 letters, digits, spaces and _.:/=+-@", value);
    }
  }
};

export const containerRules: Rules<ContainerSettings> = {
  vpc: optional(vpc),
  networkIsolation: optional(flag),
  tags: optional(tags),
};

/** Tags as SageMaker's requests have them, where there are some. */
export const tagsOnWire = (given: Tags | undefined): { Tags?: Tag[] } =>
  given === undefined ? {} : { Tags: Object.entries(given).map(([Key, Value]) => ({ Key, Value })) };

/** The settings as SageMaker's requests have them, where they are given. */
export function containerOnWire({ vpc, networkIsolation, tags }: ContainerSettings): {
  VpcConfig?: VpcConfig;
  EnableNetworkIsolation?: true;
  Tags?: Tag[];
} {
  return {
    ...(vpc && { VpcConfig: { SecurityGroupIds: [...vpc.securityGroupIds], Subnets: [...vpc.subnets] } }),
    ...(networkIsolation && { EnableNetworkIsolation: true }),
    ...tagsOnWire(tags),
  };
}
