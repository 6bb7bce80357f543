import { isIP } from "node:net";

/** How a text is understood: as a value, or not at all. */
export interface Kind<T> {
  /** What it has to be, as a phrase: "a whole number from 0 to 65535". */
  readonly rule: string;
  /** In place of a value, in the help; "" for what is only named. */
  readonly placeholder: string;
  /** @returns undefined if it breaks the rule */
  read(text: string): T | undefined;
  /** How a value is written. */
  write(value: T): string;
}

export const portKind: Kind<number> = {
  rule: "a port, or 0 for a free one",
  placeholder: "PORT",
  read: (text) => (/^\d{1,5}$/.test(text) && Number(text) <= 65_535 ? Number(text) : undefined),
  write: String,
};

export const addressKind: Kind<string> = {
  rule: "an IP address",
  placeholder: "ADDRESS",
  read: (text) => (isIP(text) ? text : undefined),
  write: String,
};

/** Nothing is an empty list; behind the last one may be a comma. */
function splitList(text: string): string[] {
  const items = text.split(",").map((item) => item.trim());
  return items.at(-1) === "" ? items.slice(0, -1) : items;
}

export const addressesKind: Kind<readonly string[]> = {
  rule: "IP addresses, with commas between them",
  placeholder: "ADDRESS,…",
  read: (text) => (splitList(text).every((item) => isIP(item)) ? splitList(text) : undefined),
  write: (list) => list.join(","),
};

export const hostNamesKind: Kind<readonly string[]> = {
  rule: "names of hosts or IP addresses, with commas between them",
  placeholder: "NAME,…",
  read: (text) =>
    splitList(text).every((item) => isIP(item) || /^[\w*]([\w.-]*\w)?$/.test(item)) ? splitList(text) : undefined,
  write: (list) => list.join(","),
};

/** A path; whoever reads it knows what it is relative to. */
export const pathKind = (placeholder: string): Kind<string> => ({
  rule: "a path",
  placeholder,
  read: (text) => (text === "" || text.includes("\0") ? undefined : text),
  write: String,
});

export const matching = (pattern: RegExp, rule: string, placeholder: string): Kind<string> => ({
  rule,
  placeholder,
  read: (text) => (pattern.test(text) ? text : undefined),
  write: String,
});

export const wholeKind = (least: number, most: number, placeholder: string): Kind<number> => ({
  rule: `a whole number from ${least} to ${most}`,
  placeholder,
  read: (text) => (/^\d{1,9}$/.test(text) && Number(text) >= least && Number(text) <= most ? Number(text) : undefined),
  write: String,
});

/** How much there may be of something in a second. */
export const rateKind: Kind<number> = {
  rule: "a number a second greater than 0, or unlimited",
  placeholder: "N",
  read: (text) => {
    if (text === "unlimited" || text === "Infinity") return Number.POSITIVE_INFINITY;
    return /^\d{1,9}(\.\d+)?$/.test(text) && Number(text) > 0 ? Number(text) : undefined;
  },
  write: (value) => (value === Number.POSITIVE_INFINITY ? "unlimited" : String(value)),
};

export const flagKind: Kind<boolean> = {
  rule: "true or false",
  placeholder: "",
  read: (text) => (text === "true" ? true : text === "false" ? false : undefined),
  write: String,
};

export const choice = <const T extends string>(...values: readonly T[]): Kind<T> => ({
  rule: `${values.slice(0, -1).join(", ")} or ${values.at(-1)}`,
  placeholder: values.join("|"),
  read: (text) => values.find((value) => value === text),
  write: String,
});
