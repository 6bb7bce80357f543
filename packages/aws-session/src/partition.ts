/** A part of AWS with accounts, names of buckets and credentials of its own. */
export interface Partition {
  /** As in ARNs. */
  readonly id: string;
  /** Domain of its services. */
  readonly suffix: string;
}

/** By the names of their regions; all others are of the first one. Source: botocore, partitions.json. */
const others: readonly (readonly [region: RegExp, id: string, suffix: string])[] = [
  [/^cn-/, "aws-cn", "amazonaws.com.cn"],
  [/^us-gov-/, "aws-us-gov", "amazonaws.com"],
  [/^eusc-/, "aws-eusc", "amazonaws.eu"],
  [/^us-iso-/, "aws-iso", "c2s.ic.gov"],
  [/^us-isob-/, "aws-iso-b", "sc2s.sgov.gov"],
  [/^eu-isoe-/, "aws-iso-e", "cloud.adc-e.uk"],
  [/^us-isof-/, "aws-iso-f", "csp.hci.ic.gov"],
];

/** The partition that a region is in. */
export function partitionOf(region: string): Partition {
  const [, id = "aws", suffix = "amazonaws.com"] = others.find(([pattern]) => pattern.test(region)) ?? [];
  return { id, suffix };
}
