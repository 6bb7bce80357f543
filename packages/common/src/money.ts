import { formatNumber } from "./formats.js";

/** How amounts of one currency read, in tables, charts, pages and sentences. */
export interface Money {
  /** ISO 4217 code; null where the currency is not known, and amounts are plain numbers. */
  readonly currency: string | null;
  /** "£", "CHF"; "" where the currency is not known. */
  readonly sign: string;
  /** Decimals that the currency has: 2 of most, 0 of JPY, 3 of KWD. */
  readonly digits: number;
  /** Whole units: "£1,235", "−£20". What is not a number (the mean of nobody) is a dash. */
  whole(value: number): string;
  /** With the currency's decimals, rounded as exact where it is decimal text: "£1,234.50". */
  exact(value: number | string): string;
  /** From one whole amount to another: "£4,300–15,000", "−£94 to £40". */
  range(from: number, to: number): string;
  /** What stands behind a heading, with what else has to be said of it: " (£)", " (£, log scale)"; "" where there is nothing to say. */
  unit(remark?: string): string;
}

/** An amount without drift: a sum of binary fractions is off by less than the smallest coin. */
export function toCoins(amount: number, { digits }: Pick<Money, "digits">): number {
  return Math.round(10 ** digits * amount) / 10 ** digits;
}

/**
 * Amounts of a currency, in the project's way to write numbers.
 *
 * @param currency an ISO 4217 code such as "EUR"; null where nobody knows
 * @throws RangeError for a text that cannot be a code
 */
export function moneyOf(currency: string | null): Money {
  const format = currency === null ? null : formatOf(currency);
  const sign = format?.formatToParts(0).find(({ type }) => type === "currency")?.value ?? "";
  const digits = format?.resolvedOptions().maximumFractionDigits ?? 2;
  // A code in letters stands apart from its number, a sign does not.
  const before = /\p{L}$/u.test(sign) ? `${sign} ` : sign;
  const worded = (value: number | string, decimals: number): string =>
    formatNumber(value, decimals).replace(/^−?(?=\d)/, (minus) => minus + before);
  const whole = (value: number): string => worded(value, 0);
  return {
    currency,
    sign,
    digits,
    whole,
    exact: (value) => worded(value, digits),
    range: (from, to) =>
      from === to ? whole(from) : from < 0 ? `${whole(from)} to ${whole(to)}` : `${whole(from)}–${formatNumber(to)}`,
    unit: (remark) => {
      const parts = [sign, remark ?? ""].filter(Boolean);
      return parts.length > 0 ? ` (${parts.join(", ")})` : "";
    },
  };
}

const formatOf = (currency: string): Intl.NumberFormat =>
  new Intl.NumberFormat("en-US", { style: "currency", currency, currencyDisplay: "narrowSymbol" });
