/** Milliseconds of a day without leap seconds, as POSIX counts. */
export const DAY_MS = 86_400_000;

const DAYS_OF_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Whether the Gregorian calendar has the day, in the years 100 to 9999: what is below has lost digits on its way. */
export function isDay(year: number, month: number, day: number): boolean {
  if (year < 100 || year > 9999 || month < 1 || month > 12 || day < 1) return false;
  return day <= DAYS_OF_MONTH[month - 1]! || (month === 2 && day === 29 && isLeap(year));
}

function isLeap(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

/**
 * Days since 1970-01-01: `days_from_civil` of https://howardhinnant.github.io/date_algorithms.html, which spares the
 * hot path the fields of `Date.UTC`.
 */
export function daysSinceEpoch(year: number, month: number, day: number): number {
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  return (
    era * 146_097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719_468
  );
}

/** Two-digit years are 1969 to 2068, as in POSIX `strptime`. */
export function fullYear(lastTwoDigits: number): number {
  return lastTwoDigits < 69 ? 2000 + lastTwoDigits : 1900 + lastTwoDigits;
}
