/** Consistency levels by their code in the protocol (native_protocol_v4.spec §3). */
const names = [
  "ANY",
  "ONE",
  "TWO",
  "THREE",
  "QUORUM",
  "ALL",
  "LOCAL_QUORUM",
  "EACH_QUORUM",
  "SERIAL",
  "LOCAL_SERIAL",
  "LOCAL_ONE",
] as const;

export const LOCAL_QUORUM: number = names.indexOf("LOCAL_QUORUM");
const readable = ["ONE", "LOCAL_QUORUM", "LOCAL_ONE"].map((name) => (names as readonly string[]).indexOf(name));

/** The service's text for a level that it does not take for this operation; undefined if it takes it. */
export function refuseConsistency(writes: boolean, consistency: number): string | undefined {
  if (consistency === LOCAL_QUORUM || (!writes && readable.includes(consistency))) return undefined;
  const supported = writes ? "LOCAL_QUORUM" : "ONE, LOCAL_QUORUM, LOCAL_ONE";
  const name = names[consistency] ?? String(consistency);
  return `Consistency level ${name} is not supported for this operation. Supported consistency levels are: ${supported}`;
}
