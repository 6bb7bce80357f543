import { formatNumber, formatPlural } from "../formats.js";
import type { IngestProgress } from "../keyspaces/ingest_pace.js";

function timeLeft(seconds: number): string {
  const whole = Math.ceil(seconds);
  return whole < 100 ? `${whole} s left` : `${Math.ceil(whole / 60)} min left`;
}

/** How far an ingest is, in words for `progress`: "12,000 rows, 8,200 rows/s, 40 s left, 3 retries, 2 rejects". */
export function ingestText(state: IngestProgress): string {
  const { stored, rowsPerSecond, remainingSeconds, retries, rejected } = state;
  const parts = [formatPlural(stored, "row"), `${formatNumber(rowsPerSecond)} rows/s`];
  if (remainingSeconds !== null && remainingSeconds > 0) parts.push(timeLeft(remainingSeconds));
  if (retries > 0) parts.push(retries === 1 ? "1 retry" : `${formatNumber(retries)} retries`);
  if (rejected > 0) parts.push(formatPlural(rejected, "reject"));
  return parts.join(", ");
}
