/** What the service says to single values, wherever they come from. */

const PAST_MS = 2 * 86_400_000;
const FUTURE_MS = 5 * 60_000;

/** @param microseconds since 1970, as USING TIMESTAMP has it */
export function refuseTimestamp(microseconds: bigint, now: Date): string | undefined {
  const ahead = Number(microseconds / 1000n) - now.getTime();
  return ahead < -PAST_MS || ahead > FUTURE_MS
    ? "A timestamp has to be between 2 days in the past and 5 minutes in the future"
    : undefined;
}

const VARINT_LIMIT = 10n ** 38n;
export const isBeyondVarint = (value: bigint): boolean => value > VARINT_LIMIT || value < -VARINT_LIMIT;
export const beyondVarint = "A varint has to be between -10^38 and 10^38";

const nativeTypes = new Set([
  ...["ascii", "bigint", "blob", "boolean", "counter", "date", "decimal", "double", "float", "inet", "int", "smallint"],
  ...["text", "time", "timestamp", "timeuuid", "tinyint", "uuid", "varchar", "varint"],
]);

/** Lists, sets, maps and user-defined types, frozen or not; of tuples the guide says nothing. */
export function isComposite(type: string): boolean {
  const [, inner = type] = /^frozen<(.*)>$/.exec(type) ?? [];
  return /^(list|set|map)</.test(inner) || !(nativeTypes.has(inner) || inner.startsWith("tuple<"));
}
