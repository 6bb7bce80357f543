/** What a new on-demand table takes and gives a second. */
export const NEW_TABLE_WRITE_UNITS = 4000;
export const NEW_TABLE_READ_UNITS = 12_000;

/** More than twice the peak of this time may be throttled. Milliseconds. */
const PERIOD_MS = 30 * 60_000;

/**
 * How an on-demand table comes to more: it may take twice what it took in the busiest second of the half hour before. Times are in ms of
 * any clock.
 *
 * @see https://docs.aws.amazon.com/keyspaces/latest/devguide/ReadWriteCapacityMode.OnDemand.html
 */
export interface Ramp {
  /** Units a second that it may take now. */
  rate: number;
  readonly most: number;
  periodFrom: number;
  secondFrom: number;
  inSecond: number;
  peak: number;
}

/** @param rate what it begins with; as much as `most` for a table without a ramp */
export function createRamp(rate: number, most: number, now: number): Ramp {
  return { rate: Math.min(rate, most), most, periodFrom: now, secondFrom: now, inSecond: 0, peak: 0 };
}

/** Takes note of what was taken. @returns whether the table may take more from now on */
export function climbs(ramp: Ramp, units: number, now: number): boolean {
  if (ramp.rate >= ramp.most) return false;
  if (now - ramp.secondFrom >= 1000) {
    ramp.secondFrom = now;
    ramp.inSecond = 0;
  }
  const before = ramp.peak;
  ramp.inSecond += units;
  if (now - ramp.periodFrom < PERIOD_MS) {
    ramp.peak = Math.max(before, ramp.inSecond);
    return false;
  }
  const rate = Math.min(ramp.most, Math.max(ramp.rate, 2 * before));
  const isMore = rate > ramp.rate;
  ramp.rate = rate;
  ramp.periodFrom = now;
  ramp.peak = ramp.inSecond;
  return isMore;
}
