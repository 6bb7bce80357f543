import { formatPlural, pluralForm } from "@keyspaces-segmentation/common";
import { simplified } from "../columns/column_names.js";
import { isFlag, saysYes } from "../columns/flags.js";
import { fieldAt, type Table } from "../columns/table.js";
import type { ReadingRow } from "../reading_row.js";

/** What is so of a sale, and may be not so of a line that is none. */
const OF_SALES =
  /^(?:is)?(?:active|valid|paid|confirmed|approved|accepted|complete[d]?|success(?:ful)?|live(?:mode)?|gultig|aktiv|bezahlt)$/;

/** What is said of columns such as "Valid" that say no of some lines, which count as sales all the same. */
export function flagsLeftOf(table: Table): ReadingRow[] {
  return table.unused().flatMap((at): ReadingRow[] => {
    if (!OF_SALES.test(simplified(table.header[at]!))) return [];
    const values = table.lines.map(({ fields }) => fieldAt(fields, at)).filter((text) => text !== "");
    const lines = values.filter((text) => !saysYes(text) && text !== "1").length;
    if (lines === 0 || lines === values.length || !isFlag(values, { withNumbers: true })) return [];
    return [
      {
        what: "states of orders",
        readAs: `${table.nameOf(at)} is left out`,
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
export function codesLeftOf(table: Table, { states }: { states: readonly number[] }): ReadingRow[] {
  if (states.some((at) => [...table.countsAt(at).keys()].some((state) => /\p{L}/u.test(state)))) return [];
  return table.header.flatMap((name, at): ReadingRow[] => {
    if (!CODES.test(simplified(name))) return [];
    const codes = [...table.countsAt(at).keys()].filter((text) => text !== "");
    if (codes.length > MOST_CODES || !codes.every((text) => /^\d{1,3}$/.test(text))) return [];
    if (codes.length < 2 || isFlag(codes, { withNumbers: true })) return [];
    const named = codes.slice(0, NAMED).join(", ");
    return [
      {
        what: "states of orders",
        readAs: `${table.nameOf(at)} is left out`,
        because: `${named}${codes.length > NAMED ? " and others" : ""} are codes of its program: where one is of what came to nothing, words in the file say so`,
        confidence: "likely",
      },
    ];
  });
}
