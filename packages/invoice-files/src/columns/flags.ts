import { formatPlural, pluralForm } from "@keyspaces-segmentation/common";
import type { TableRecord } from "@keyspaces-segmentation/table-files";
import type { ReadingRow } from "../reading_row.js";
import { simplified } from "./column_names.js";
import { listed } from "./map_columns.js";

const YES =
  /^(?:y|yes|true|t|x|j|ja|wahr|o|oui|vrai|s|si|sim|verdadero|vero|tak|waar|kylla|ano|igen|evet|sant|sann|是|はい|예|да)$/;
const NO =
  /^(?:|n|no|false|f|nein|falsch|non|faux|nao|falso|nie|nee|onwaar|nej|nei|ei|ne|nem|hayir|usant?|falskt|否|いいえ|아니오|нет)$/;

/** Whether a field of a column of yes and no says yes. */
export const saysYes = (text: string): boolean => YES.test(simplified(text));

/** Whether a column, by some of its values, holds yes and no; where `withNumbers`, as 1 and 0 as well. */
export function isFlag(values: readonly string[], { withNumbers }: { withNumbers: boolean }): boolean {
  const known = (text: string): boolean => {
    const simple = simplified(text);
    return YES.test(simple) || NO.test(simple) || (withNumbers && /^[01]$/.test(simple));
  };
  return values.length > 0 && values.every(known);
}

/** What is so of a sale, and may be not so of a line that is none. */
const OF_SALES =
  /^(?:is)?(?:active|valid|paid|confirmed|approved|accepted|complete[d]?|success(?:ful)?|live(?:mode)?|gultig|aktiv|bezahlt)$/;

/** What is said of columns such as "Valid" that say no of some lines, which count as sales all the same. */
export function flagsLeftOf(
  body: readonly TableRecord[],
  header: readonly string[],
  { used, shift }: { used: ReadonlySet<number>; shift: number },
): ReadingRow[] {
  return header.flatMap((name, at): ReadingRow[] => {
    if (used.has(at) || !OF_SALES.test(simplified(name))) return [];
    const values = body.map(({ fields }) => fields[at + shift]?.trim() ?? "").filter((text) => text !== "");
    const lines = values.filter((text) => !saysYes(text) && text !== "1").length;
    if (lines === 0 || lines === values.length || !isFlag(values, { withNumbers: true })) return [];
    return [
      {
        what: "states of orders",
        readAs: `${listed([name])} is left out`,
        because: `${formatPlural(lines, "line")} of the sample that ${pluralForm(lines, "says", "say")} no there ${pluralForm(lines, "counts", "count")} as sales`,
        confidence: "likely",
      },
    ];
  });
}

/** Names of columns with states as numbers that only their program knows. */
const CODES = /^(?:order|payment|current)(?:status(?:id|code|key|no|nr)|state(?:id|code)?)$/;
const MOST_CODES = 12;
/** As many codes are named. */
const NAMED = 5;

/** What is said of columns with states as numbers, such as `order_status_id`, whose lines all count as sales; nothing beside states in words. */
export function codesLeftOf(
  body: readonly TableRecord[],
  header: readonly string[],
  { shift, states }: { shift: number; states: readonly number[] },
): ReadingRow[] {
  if (states.some((at) => body.some(({ fields }) => /\p{L}/u.test(fields[at + shift] ?? "")))) return [];
  return header.flatMap((name, at): ReadingRow[] => {
    if (!CODES.test(simplified(name))) return [];
    const codes = new Set<string>();
    for (const { fields } of body) {
      const text = fields[at + shift]?.trim() ?? "";
      if (text === "") continue;
      if (!/^\d{1,3}$/.test(text) || codes.add(text).size > MOST_CODES) return [];
    }
    if (codes.size < 2 || isFlag([...codes], { withNumbers: true })) return [];
    const named = [...codes].slice(0, NAMED).join(", ");
    return [
      {
        what: "states of orders",
        readAs: `${listed([name])} is left out`,
        because: `${named}${codes.size > NAMED ? " and others" : ""} are codes of its program: where one is of what came to nothing, words in the file say so`,
        confidence: "likely",
      },
    ];
  });
}
