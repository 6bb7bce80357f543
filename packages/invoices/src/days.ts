/** A day in milliseconds, in UTC, where all days are alike. */
export const DAY_MS = 86_400_000;

/** The moment at which the day after a day, YYYY-MM-DD, begins in UTC. */
export function dayAfter(day: string): Date {
  return new Date(Date.parse(day) + DAY_MS);
}

/** The day of a moment as YYYY-MM-DD, in UTC. */
export function dayOf(date: Date): string {
  return date.toISOString().slice(0, 10);
}
