import type { DateFormat } from "./date_format.js";
import { scanDate } from "./date_forms.js";
import { emptyParts } from "./date_parts.js";
import { inPlainScript } from "./date_scripts.js";

/** How a date is written, for a reader who compares it with the file: "dd/mm/yyyy hh:mm AM/PM". Blank for a plain number. */
export function patternOf(text: string, order: DateFormat["order"], yearThenDay: boolean): string {
  const parts = emptyParts();
  if (!scanDate(text, parts) || parts.form === "number") return "";
  const year = parts.shortYear ? "yy" : "yyyy";
  let date: string;
  if (parts.form === "named") {
    date = parts.monthBeforeDay ? `month dd ${year}` : `dd month ${year}`;
  } else {
    const sign = /^\D*\d+([^\d]?)/.exec(inPlainScript(text))?.[1] ?? "";
    const between = sign === "T" || parts.separator === 0 ? "" : sign;
    date = inOrder(parts.form === "year_first" ? (yearThenDay ? "ydm" : "ymd") : ORDERS[order]!, year).join(between);
  }
  if (!parts.hasTime) return date;
  const seconds = parts.hasSeconds ? ":ss" : "";
  const plain = inPlainScript(text);
  const hasHalf = /\d\s*[ap](?:\.?\s?m\b|$)/i.test(plain) && !(parts.hour > 12 && /a$/i.test(plain));
  const half = hasHalf ? " AM/PM" : "";
  return `${date} hh:mm${seconds}${half}${Number.isNaN(parts.offset) ? "" : " with offset"}`;
}

const ORDERS: { readonly [order: string]: string } = { day_first: "dmy", month_first: "mdy", year_first: "ymd" };

function inOrder(letters: string, year: string): string[] {
  return Array.from(letters, (letter) => (letter === "y" ? year : letter + letter));
}
