import { isDay } from "./calendar.js";
import { scanDate } from "./date_forms.js";
import { emptyParts } from "./date_parts.js";

const parts = emptyParts();

/** Whether a text has the form of a date that some order can read; plain numbers, serial ones among them, do not. */
export function looksLikeDate(text: string): boolean {
  if (!scanDate(text.trim(), parts)) return false;
  const { form, first, second, third, shortYear, separator } = parts;
  switch (form) {
    case "number":
      return false;
    case "year_first":
      return isDay(first, second, third) || isDay(first, third, second);
    case "named":
      return first >= 1 && first <= 31;
    default: {
      // Six digits are rather a number of something.
      if (shortYear && separator === 0) return false;
      const year = shortYear ? 2000 : third;
      return isDay(year, second, first) || isDay(year, first, second) || (shortYear && isDay(2000, second, third));
    }
  }
}
