import { ArgumentError } from "@keyspaces-segmentation/common";

/** 20 years, the longest that Keyspaces and Cassandra take. */
const longestSeconds = 630_720_000;

/**
 * Seconds for USING TTL; undefined for rows that stay.
 *
 * @param days a fraction of one, too
 * @throws ArgumentError unless it comes to 1 second or more, and 20 years or less
 * @see https://docs.aws.amazon.com/keyspaces/latest/devguide/TTL-how-it-works.html
 */
export function secondsToLive(days: number | null | undefined): number | undefined {
  if (days === null || days === undefined) return undefined;
  const seconds = Math.round(days * 86_400);
  if (seconds >= 1 && seconds <= longestSeconds) return seconds;
  throw new ArgumentError("resultsTtlDays", "more than 0 and at most 7300, or null", days);
}
