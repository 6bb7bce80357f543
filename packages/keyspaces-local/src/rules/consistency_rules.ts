import { consistencyLevels, LOCAL_QUORUM } from "../protocol/notation.js";
import type { Rule } from "./rules.js";

export interface ConsistencySubject {
  readonly writes: boolean;
  readonly consistency: number;
}

const readable = [consistencyLevels.indexOf("ONE"), LOCAL_QUORUM, consistencyLevels.indexOf("LOCAL_ONE")];

/** The service's text for a level that it does not take for this operation; undefined if it takes it. */
function refuseConsistency(writes: boolean, consistency: number): string | undefined {
  if (consistency === LOCAL_QUORUM || (!writes && readable.includes(consistency))) return undefined;
  const supported = writes ? "LOCAL_QUORUM" : "ONE, LOCAL_QUORUM, LOCAL_ONE";
  const name = consistencyLevels[consistency] ?? String(consistency);
  return `Consistency level ${name} is not supported for this operation. Supported consistency levels are: ${supported}`;
}

export const consistencyRules: readonly Rule<ConsistencySubject>[] = [
  {
    code: "KL-WRITE-CONSISTENCY",
    refuse: ({ writes, consistency }) => (writes ? refuseConsistency(true, consistency) : undefined),
  },
  {
    code: "KL-READ-CONSISTENCY",
    refuse: ({ writes, consistency }) => (writes ? undefined : refuseConsistency(false, consistency)),
  },
];
