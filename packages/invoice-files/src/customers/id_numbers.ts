import { formatPlural } from "@keyspaces-segmentation/common";
import { looksRounded } from "@keyspaces-segmentation/invoices";
import type { ReadingRow } from "../reading_row.js";

/** How a column writes ids that are numbers, as a program does that takes them for amounts: `13,000`, `17850.0`. */
export interface IdNumbers {
  /** Signs that stand between their groups of three digits; "" for none. */
  readonly groups: string;
  /** Signs with nothing but zeros behind them; "" for none. A point with other than three zeros is always one. */
  readonly decimals: string;
  /** Whether they have powers of ten with all their digits, `1.2345678E7`, as Java writes doubles. */
  readonly arePowers: boolean;
  /** Whether ids are numbers, so that one with another sign does not fit. */
  readonly areNumbers: boolean;
}

/** Digits in groups of three, or as in India, and perhaps zeros behind a decimal sign. */
const GROUPED =
  /^[1-9]\d{0,2}(?:(,)\d{3}(?:,\d{3})*|(\.)\d{3}(?:\.\d{3})*|(['’])\d{3}(?:['’]\d{3})*|([\s\u202f])\d{3}(?:[\s\u202f]\d{3})*)(?:([.,])0+)?$|^[1-9]\d?(?:,\d{2})+(,)\d{3}$/;
const WITH_ZEROS = /^\d+([.,])0*$/;
/** One group of zeros: 13.000 may be thirteen or thirteen thousand. */
const VAGUE = /^[1-9]\d{0,2}[.,]000$/;
const PLAIN = /^\d+$/;

/** The sign between the groups of an id, and that before its zeros. */
function signsOf(id: string): { group: string; decimal: string } | undefined {
  const found = GROUPED.exec(id);
  if (found === null) return undefined;
  const group = found.slice(1, 5).find((sign) => sign !== undefined) ?? found[6]!;
  const decimal = found[5] ?? "";
  return group === decimal ? undefined : { group: group === "’" ? "'" : /\s/.test(group) ? " " : group, decimal };
}

const POWER = /^(\d)[.,](\d+)E\+?(\d{1,2})$/i;

/** The digits of an id that has them all; undefined for one that a program has rounded, as far as can be seen. */
function wholeOf(id: string): string | undefined {
  const [, first = "", decimals = "", power = ""] = POWER.exec(id) ?? [];
  return first !== "" && decimals.length >= Number(power) && /^0*$/.test(decimals.slice(Number(power)))
    ? first + decimals.slice(0, Number(power))
    : undefined;
}

/** Whether zeros at its end may have been left out, as Java does, which writes no plus: a program that writes one has rounded. */
const leavesZerosOut = (id: string): boolean => POWER.test(id) && !id.includes("+");

const decimalsOf = (id: string): number => POWER.exec(id)?.[2]?.length ?? 0;
/** Of ten numbers one ends in 0, which Java leaves out. */
const FEWEST_WHOLE = 0.8;

/**
 * Whether ids with powers of ten have lost nothing: nearly all have a digit for each place, and where one has not, zeros have been left
 * out, as it has fewer decimals than others. A program that rounds writes the same number of decimals always.
 */
export function areWholePowers(ids: readonly string[]): boolean {
  const whole = ids.filter((id) => wholeOf(id) !== undefined);
  const most = ids.reduce((max, id) => Math.max(max, decimalsOf(id)), 0);
  return (
    whole.length > 0 &&
    whole.length >= FEWEST_WHOLE * ids.length &&
    ids.every((id) => wholeOf(id) !== undefined || (leavesZerosOut(id) && decimalsOf(id) < most))
  );
}

/** A whole number without its power of ten. */
function withoutPower(id: string): string {
  const [, first = "", decimals = "", power = ""] = POWER.exec(id) ?? [];
  const filled = leavesZerosOut(id) ? first + decimals.padEnd(Number(power), "0") : id;
  return first === "" ? id : (wholeOf(id) ?? filled);
}

/** Of the ids of a column, so many are numbers where they are meant to be. */
const MOSTLY = 0.5;
const NEARLY_ALL = 0.9;
/** Words may stand for nobody where there are so many times as many different numbers. */
const FEW_WORDS = 4;

/** The ids of a column, counted by the signs in them; all counts are of lines. */
interface IdTally {
  readonly lines: number;
  /** Different ids without a digit, and their lines. */
  readonly words: number;
  readonly ofWords: number;
  /** Of digits alone. */
  readonly plain: number;
  /** Of these with more than three digits, which other columns would have in groups. */
  readonly long: number;
  /** Numbers with signs. */
  readonly withSigns: number;
  /** By the sign between groups of digits. */
  readonly grouped: ReadonlyMap<string, number>;
  /** Signs before zeros. */
  readonly decimals: ReadonlySet<string>;
}

function tallyIds(ids: ReadonlyMap<string, number>): IdTally {
  const grouped = new Map<string, number>();
  const vague = new Map<string, number>();
  const decimals = new Set<string>();
  const count = (counts: Map<string, number>, sign: string, lines: number): unknown =>
    counts.set(sign, (counts.get(sign) ?? 0) + lines);
  let [all, words, ofWords, plain, long, withSigns] = [0, 0, 0, 0, 0, 0];
  for (const [id, lines] of ids) {
    all += lines;
    if (!/\d/.test(id)) {
      words++;
      ofWords += lines;
    } else if (PLAIN.test(id)) {
      plain += lines;
      if (id.length > 3) long += lines;
    } else if (VAGUE.test(id)) {
      count(vague, id.at(-4)!, lines);
      withSigns += lines;
    } else {
      const signs = signsOf(id);
      const decimal = signs === undefined ? WITH_ZEROS.exec(id)?.[1] : signs.decimal;
      if (signs !== undefined) count(grouped, signs.group, lines);
      if (decimal !== undefined && decimal !== "") decimals.add(decimal);
      if (decimal !== undefined) withSigns += lines;
    }
  }
  for (const [sign, lines] of vague) {
    if (grouped.has(sign)) count(grouped, sign, lines);
    else decimals.add(sign);
  }
  return { lines: all, words, ofWords, plain, long, withSigns, grouped, decimals };
}

/**
 * Finds how the ids of a column are written, for those that are numbers. A sign between groups is left out: that makes no two ids one
 * that were not the same number, as groups of three digits can be made in one way only.
 *
 * @param what the column, for the row
 * @param texts those of the sample and how many lines have each, without words for nobody
 */
export function idNumbersOf(
  what: string,
  texts: ReadonlyMap<string, number>,
): { numbers: IdNumbers; row: ReadingRow | null } {
  const arePowers = areWholePowers([...texts.keys()].filter((id) => POWER.test(id)));
  const ids = arePowers ? new Map([...texts].map(([id, count]) => [withoutPower(id), count])) : texts;
  const { lines, words, ofWords, plain, long, withSigns, grouped, decimals } = tallyIds(ids);
  const numeric = plain + withSigns;
  // Words beside numbers are no ids, however many lines they stand in.
  const others = FEW_WORDS * words <= ids.size - words ? lines - ofWords : lines;
  const areNumbers = numeric > 0 && numeric >= NEARLY_ALL * others;
  const areGrouped = grouped.size > 0 && (areNumbers || numeric >= MOSTLY * lines);
  const signs = areGrouped ? [...grouped.keys()] : [];
  const numbers = { groups: signs.join(""), decimals: [...decimals].join(""), arePowers, areNumbers };
  if (!areGrouped) return { numbers, row: null };
  const count = [...grouped.values()].reduce((sum, each) => sum + each, 0);
  const without =
    long > 0 ? `; ${formatPlural(long, "line")} with ids as long ${long === 1 ? "has" : "have"} none` : "";
  return {
    numbers,
    row: {
      what,
      // None of the file's own: how a file is read is shown where its customers are not.
      readAs: `without the thousands sign: ${signs.map((sign) => `13${sign}000`).join(" and ")} is 13000`,
      because: `${formatPlural(count, "line")} of the sample ${count === 1 ? "has" : "have"} one in it${without}`,
      confidence: long > 0 ? "likely" : "certain",
    },
  };
}

/** Reads ids as such a column means them; texts, and numbers with other signs, stay as they are. */
export function idNumberReader({ groups, decimals, arePowers }: IdNumbers): (id: string) => string {
  return (text) => {
    const first = text.charCodeAt(0);
    if (!(first >= 48 && first <= 57) || PLAIN.test(text)) return text;
    const id = arePowers ? withoutPower(text) : text;
    if (groups !== "") {
      const signs = signsOf(id);
      if (signs !== undefined && groups.includes(signs.group)) {
        const whole = signs.decimal === "" ? id : id.slice(0, id.lastIndexOf(signs.decimal));
        return whole.replace(/\D/g, "");
      }
    }
    const sign = WITH_ZEROS.exec(id)?.[1];
    const isZeros = sign !== undefined && (decimals.includes(sign) || (sign === "." && !VAGUE.test(id)));
    return isZeros ? id.slice(0, id.indexOf(sign)) : id;
  };
}

/** Whether an id is a word where the others are numbers, as a program writes one for customers that it does not know. */
export const isWord = (id: string, { areNumbers }: IdNumbers): boolean => areNumbers && !/\d/.test(id);

/** Whether an id that was read is a number with signs that the others of its column do not have. */
const isOtherNumber = (id: string, { areNumbers }: IdNumbers): boolean =>
  areNumbers && !PLAIN.test(id) && (signsOf(id) !== undefined || WITH_ZEROS.test(id));

/** Why an id cannot be used; "" for none. */
export function refusedId(what: string, id: string, numbers: IdNumbers): string {
  if (looksRounded(id)) return `the ${what} ${JSON.stringify(id)} looks rounded by a spreadsheet`;
  if (isOtherNumber(id, numbers)) return `the ${what} ${JSON.stringify(id)} has a sign in it, unlike others`;
  return "";
}
