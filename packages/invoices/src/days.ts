const MONTH_FIRST = /^(\d{1,2})\/(\d{1,2})\/(\d{4}|\d{2})(?:[ T](\d{1,2}):(\d{2})(?::(\d{2}))?)?$/;
const YEAR_FIRST =
  /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T](\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,3})\d*)?)?(?:Z|\+00:00)?)?$/;

/**
 * Reads the date of an invoice, month first (`12/6/09 10:30`, `12/6/2009 10:30`) or year first
 * (`2009-12-06 10:30:00`, `2009-12-06T10:30:00Z`). All are taken as UTC; without a time, midnight.
 * Two-digit years are 1969 to 2068, as in POSIX `strptime`.
 *
 * @returns undefined for any other text, a date that the calendar does not have, or an offset other than zero
 */
export function parseInvoiceDate(text: string): Date | undefined {
  const monthFirst = MONTH_FIRST.exec(text);
  if (monthFirst) {
    const [, month, day, year, hour, minute, second] = monthFirst;
    return dateOf(fullYear(year!), month, day, hour, minute, second, undefined);
  }
  const yearFirst = YEAR_FIRST.exec(text);
  if (!yearFirst) return undefined;
  const [, year, month, day, hour, minute, second, fraction] = yearFirst;
  return dateOf(Number(year), month, day, hour, minute, second, fraction);
}

function fullYear(digits: string): number {
  const year = Number(digits);
  if (digits.length === 4) return year;
  return year < 69 ? 2000 + year : 1900 + year;
}

function dateOf(year: number, ...rest: (string | undefined)[]): Date | undefined {
  const [month, day, hour, minute, second] = rest.map((digits) => Number(digits ?? 0)) as [number, ...number[]];
  const milliseconds = Number((rest[5] ?? "0").padEnd(3, "0"));
  if (hour! > 23 || minute! > 59 || second! > 59 || year < 100) return undefined;
  const date = new Date(Date.UTC(year, month - 1, day, hour, minute, second, milliseconds));
  // Date.UTC carries 31 April over to 1 May.
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? date : undefined;
}

/** The day of a moment as YYYY-MM-DD, in UTC. */
export function dayOf(date: Date): string {
  return date.toISOString().slice(0, 10);
}
