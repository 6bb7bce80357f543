/** How one parameter is read: `read` answers undefined to what it cannot accept. */
export interface ParameterReader<T> {
  rule: string;
  fallback?: T;
  read(value: unknown): T | undefined;
}

export function matching(rule: string, pattern: RegExp, fallback?: string): ParameterReader<string> {
  return {
    rule,
    ...(fallback !== undefined && { fallback }),
    read: (value) => (typeof value === "string" && pattern.test(value) ? value : undefined),
  };
}

export function oneOf<T extends string>(options: readonly T[], fallback?: T): ParameterReader<T> {
  const listed = options.map((option) => JSON.stringify(option)).join(", ");
  return {
    rule: `one of ${listed}`,
    ...(fallback !== undefined && { fallback }),
    read: (value) => options.find((option) => option === value),
  };
}

/** An empty string stands for null, so that an environment variable can say "none". */
export function optional<T>(reader: ParameterReader<T>): ParameterReader<T | null> {
  return {
    rule: `${reader.rule}, or null`,
    fallback: null,
    read: (value) => (value === null || value === "" ? null : reader.read(value)),
  };
}

function isCalendarDay(value: string): boolean {
  const day = new Date(`${value}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(value);
}

/** `least`, 1 unless given, and `most` are bounds, `fallback` the value where none is given. */
export function wholeNumber({
  fallback,
  least = 1,
  most,
}: {
  fallback?: number;
  least?: number;
  most?: number;
} = {}): ParameterReader<number> {
  return {
    rule: most === undefined ? `an integer of at least ${least}` : `an integer from ${least} to ${most}`,
    ...(fallback !== undefined && { fallback }),
    read: (value) => {
      const number = typeof value === "string" && /^\d+$/.test(value) ? Number(value) : value;
      const isWhole = typeof number === "number" && Number.isSafeInteger(number);
      return isWhole && number >= least && number <= (most ?? number) ? number : undefined;
    },
  };
}

/** 0 or more, as money is. */
export const amount: ParameterReader<number> = {
  rule: "an amount of 0 or more",
  read: (value) => {
    const number = typeof value === "string" ? numberIn(value) : value;
    return typeof number === "number" && Number.isFinite(number) && number >= 0 ? number : undefined;
  },
};

export function yesOrNo(fallback: boolean): ParameterReader<boolean> {
  return {
    rule: "true or false",
    fallback,
    read: (value) =>
      value === true || value === "true" ? true : value === false || value === "false" ? false : undefined,
  };
}

/** Four ascending bounds; from outside as "30,90,180,365". */
export const cuts: ParameterReader<readonly number[] | null> = {
  rule: "four ascending numbers, or null",
  fallback: null,
  read: (value) => {
    if (value === null || value === "") return null;
    const given: unknown[] =
      typeof value === "string" ? value.split(",").map(numberIn) : Array.isArray(value) ? value : [];
    const numbers = given.filter((each): each is number => typeof each === "number" && Number.isFinite(each));
    const ascend = numbers.every((each, i) => i === 0 || each > numbers[i - 1]!);
    return given.length === 4 && numbers.length === 4 && ascend ? numbers : undefined;
  },
};

function numberIn(field: string): number {
  return field.trim() === "" ? Number.NaN : Number(field);
}

const currencies: ReadonlySet<string> = new Set(Intl.supportedValuesOf("currency"));

/** The code of a currency, in capitals or not; read in capitals. */
export const currencyCode: ParameterReader<string> = {
  rule: 'the ISO 4217 code of a currency, such as "EUR"',
  read: (value) => {
    const code = typeof value === "string" ? value.toUpperCase() : "";
    return currencies.has(code) ? code : undefined;
  },
};

const dayText = matching("a day as YYYY-MM-DD", /^\d{4}-\d{2}-\d{2}$/);

/** A day that there is in the calendar. */
export const calendarDay: ParameterReader<string> = {
  rule: dayText.rule,
  read: (value) => {
    const day = dayText.read(value);
    return day !== undefined && isCalendarDay(day) ? day : undefined;
  },
};
