/** Short bursts are let through, in milliseconds of the rate: timers are not exact, and a little unevenness does no harm. */
const BURST_MS = 50;

/**
 * Spaces things out to a rate (the generic cell rate algorithm).
 *
 * @returns a function that books `amount` and answers how long to wait before going on, in milliseconds, mostly 0
 * @param perSecond the rate, asked anew each time; Infinity for none
 * @see https://en.wikipedia.org/wiki/Generic_cell_rate_algorithm
 */
export function rateLimit(
  perSecond: () => number,
  now: () => number = () => performance.now(),
): (amount: number) => number {
  let due = Number.NEGATIVE_INFINITY;
  return (amount) => {
    const time = now();
    const wait = Math.max(0, due - BURST_MS - time);
    due = Math.max(due, time) + (amount * 1000) / perSecond();
    return wait;
  };
}
