import { isBlank, isLetter, withoutGuards } from "../characters.js";
import { type CurrencyMark, currencyMark, isMarkCharacter } from "./currency_marks.js";
import { measureOf } from "./measures.js";

/** A number's text, taken apart before anybody decides which of its signs is the decimal one. */
export interface NumberParts {
  readonly negative: boolean;
  /** Digits and the signs between them: "1.234,50"; digits of other scripts as ASCII, every blank as a space, every apostrophe as '. */
  readonly body: string;
  /** Power of ten; 0 where there is none. */
  readonly exponent: number;
  readonly hasExponent: boolean;
  readonly currency: CurrencyMark | undefined;
  /** A measure after the number, in small letters: "kg"; "" where there is none, or where it is pieces. */
  readonly unit: string;
  /** Whether a word for pieces stands beside the number, which changes nothing. */
  readonly isPieces: boolean;
  /** A bookkeeper's `CR` or `DR` stands after the number; with `CR` it is negative. "" where neither does. */
  readonly side: "cr" | "dr" | "";
}

/** More characters than any price or quantity has; keeps a hostile field from costing quadratic time. */
export const MAX_LENGTH = 40;

/** Keeps 1e999999999 from writing a billion digits. */
const MAX_EXPONENT = 40;

/** Before the measure that a price is of: `12.95 / pc`, `12,95 € je Stück`. */
const PER = /^(?:\/|(?:per|pro|je|par|por|al|la|le|à|p)\b\.?)\s*(?:(?:la|le|l')\s*)?(?=\p{L})/iu;
const WORD = /^\p{L}+[23²³]?/u;
const TIMES = 0xd7;

/** @returns undefined for what is no number in any notation */
export function numberParts(text: string): NumberParts | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  return new NumberScanner(text).scan() ?? guardedParts(text);
}

function guardedParts(text: string): NumberParts | undefined {
  const bare = withoutGuards(text);
  return bare === text ? undefined : new NumberScanner(bare).scan();
}

class NumberScanner {
  private at = 0;
  private sign = 0;
  /** What closes a bracket that makes a number negative; 0 where none is open. */
  private closing = 0;
  private hasDigit = false;
  private currency: CurrencyMark | undefined;
  /** Undefined where no measure has been met, "" for pieces. */
  private unit: string | undefined;
  private side: NumberParts["side"] = "";
  private readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  scan(): NumberParts | undefined {
    if (!this.takePrefix()) return undefined;
    const body = this.takeBody();
    if (!this.hasDigit) return undefined;
    const power = this.takePower();
    const exponent = power === "" ? 0 : Number(power.replace("\u2212", "-"));
    if (Math.abs(exponent) > MAX_EXPONENT) return undefined;
    const isRound = (body.endsWith(".") || body.endsWith(",")) && this.takeDashes();
    if (!this.takeSuffix() || this.closing !== 0) return undefined;
    return {
      negative: this.sign < 0,
      body: isRound ? body.slice(0, -1) : body,
      exponent,
      hasExponent: power !== "",
      currency: this.currency,
      unit: this.unit ?? "",
      isPieces: this.unit === "",
      side: this.side,
    };
  }

  /** Signs, a bracket and a currency in front, in any order. */
  private takePrefix(): boolean {
    for (; this.at < this.text.length; this.at += 1) {
      const code = this.text.charCodeAt(this.at);
      if (digitOf(code) >= 0 || code === 46 || code === 44) return true;
      if (isBlank(code)) continue;
      if (BRACKETS[code] !== undefined) {
        if (this.sign !== 0) return false;
        this.closing = BRACKETS[code];
        this.sign = -1;
      } else if (signOf(code) !== 0) {
        if (this.sign !== 0) return false;
        this.sign = signOf(code);
      } else if (!this.takeTimes() && !this.takeCurrency()) {
        return false;
      }
    }
    return false;
  }

  /** The `x` of `x2`, and the sign that it stands for. */
  private takeTimes(): boolean {
    const code = this.text.charCodeAt(this.at);
    if (this.unit !== undefined || (code !== TIMES && (code | 32) !== 120)) return false;
    const next = this.text.charCodeAt(this.at + 1);
    if (digitOf(next) < 0 && !isBlank(next)) return false;
    this.unit = "";
    return true;
  }

  /** Takes a mark and stays on its last character. */
  private takeCurrency(): boolean {
    const end = this.markEnd();
    const text = this.text.slice(this.at, end);
    // As eBay has it: "AU $12.95".
    const spaced = this.text.startsWith(" $", end) ? currencyMark(`${text}$`) : undefined;
    const mark = spaced ?? (text === "" ? undefined : currencyMark(text));
    if (mark === undefined) return false;
    // The sign and the code of one currency, `$12.95 USD`.
    const before = this.currency;
    if (before !== undefined && !mark.currencies.some((each) => before.currencies.includes(each))) return false;
    this.currency = before?.isCode === true ? before : mark;
    // The points of "kr." and "Rs.50", but not that of "£.50".
    const isWord = isLetter(this.text.charCodeAt(end - 1)) && this.text.charCodeAt(end) === 46;
    this.at = spaced !== undefined ? end + 1 : isWord ? end : end - 1;
    return true;
  }

  private markEnd(): number {
    let end = this.at;
    while (end < this.text.length && isMarkCharacter(this.text.charCodeAt(end))) end += 1;
    return end;
  }

  private takeBody(): string {
    const start = this.at;
    let body: string | undefined;
    for (; this.at < this.text.length; this.at += 1) {
      const code = this.text.charCodeAt(this.at);
      const character = this.bodyCharacter(code);
      if (character === undefined) break;
      // Only where a character is not ASCII does the body differ from the text.
      if (body === undefined && code > 127) body = this.text.slice(start, this.at);
      if (body !== undefined) body += character;
    }
    return body ?? this.text.slice(start, this.at);
  }

  private bodyCharacter(code: number): string | undefined {
    const digit = digitOf(code);
    if (digit >= 0) {
      this.hasDigit = true;
      return DIGITS[digit];
    }
    if (code === 46 || code === 0x66b || code === 0xff0e) return ".";
    if (code === 44 || code === 0x66c || code === 0xff0c) return ",";
    if ((code === 39 || code === 0x2019) && this.isBeforeDigit()) return "'";
    return code !== 9 && isBlank(code) && this.isBeforeDigit() ? " " : undefined;
  }

  /** The power of ten of `1.2750e+01`; "" where there is none. */
  private takePower(): string {
    if ((this.text.charCodeAt(this.at) | 32) !== 101) return "";
    const power = /^[eE]([+\-\u2212]?\d{1,4})(?![\p{L}\d])/u.exec(this.text.slice(this.at));
    this.at += power?.[0].length ?? 0;
    return power?.[1] ?? "";
  }

  private isBeforeDigit(): boolean {
    return digitOf(this.text.charCodeAt(this.at + 1)) >= 0;
  }

  /** The dashes of `12,-` and `12.--`, which stand for no cents and not for a negative. */
  private takeDashes(): boolean {
    const dashes = /^[-\u2012-\u2015\u2212]{1,2}(?!\d)/.exec(this.text.slice(this.at));
    this.at += dashes?.[0].length ?? 0;
    return dashes !== null;
  }

  private takeSuffix(): boolean {
    for (; this.at < this.text.length; this.at += 1) {
      const code = this.text.charCodeAt(this.at);
      if (isBlank(code)) continue;
      // "Rs. 500/-", as India writes that there are no paise.
      if (code === 47 && this.text.slice(this.at + 1).trim() === "-") return this.closing === 0;
      if (code === this.closing) {
        this.closing = 0;
      } else if (signOf(code) !== 0) {
        if (this.sign !== 0 || this.unit !== undefined) return false;
        this.sign = signOf(code);
      } else if (!this.takeSide() && !this.takeUnit() && !this.takeCurrency()) {
        return false;
      }
    }
    return true;
  }

  /** `CR` or `Dr.`: which side of the books an amount without a sign is on. */
  private takeSide(): boolean {
    if (this.sign !== 0 || this.side !== "") return false;
    const found = /^(c|d)r(?![\p{L}\d])\.?/iu.exec(this.text.slice(this.at));
    if (found === null) return false;
    this.side = found[1]!.toLowerCase() === "c" ? "cr" : "dr";
    if (this.side === "cr") this.sign = -1;
    this.at += found[0].length - 1;
    return true;
  }

  private takeUnit(): boolean {
    if (this.unit !== undefined) return false;
    if (this.text.charCodeAt(this.at) === TIMES) {
      this.unit = "";
      return true;
    }
    const rest = this.text.slice(this.at);
    const per = PER.exec(rest)?.[0] ?? "";
    const word = WORD.exec(rest.slice(per.length))?.[0] ?? "";
    const unit = measureOf(word.toLowerCase());
    // Of a price, which has a currency beside it, a measure other than pieces stands behind a word only.
    if (unit === undefined || (per === "" && unit !== "" && this.currency !== undefined)) return false;
    this.unit = unit;
    this.at += per.length + word.length - 1;
    if (this.text.charCodeAt(this.at + 1) === 46) this.at += 1;
    return true;
  }
}

/** Brackets around a number below zero, and what closes each: (2), and as Oracle's and PostgreSQL's format PR has it, <2>. */
const BRACKETS: { readonly [opening: number]: number } = { 40: 41, 60: 62, 91: 93 };

const DIGITS = "0123456789";

/** −1 where the character is no digit; Arabic, Persian and full-width ones are. */
function digitOf(code: number): number {
  if (code >= 48 && code <= 57) return code - 48;
  if (code >= 0x660 && code <= 0x669) return code - 0x660;
  if (code >= 0x6f0 && code <= 0x6f9) return code - 0x6f0;
  return code >= 0xff10 && code <= 0xff19 ? code - 0xff10 : -1;
}

/** 1 and −1 for plus and minus, hyphens and dashes that stand for minus among them; 0 for anything else. */
function signOf(code: number): number {
  if (code === 43 || code === 0xff0b) return 1;
  const isMinus =
    code === 45 || code === 0x2212 || code === 0xfe63 || code === 0xff0d || (code >= 0x2010 && code <= 0x2015);
  return isMinus ? -1 : 0;
}
