import {
  type ColumnValues,
  type DateFormat,
  type Decision,
  detectDates,
  isOpen,
  occurrencesOf,
} from "@keyspaces-segmentation/table-files";
import type { Table } from "../columns/table.js";

/** Day, month and year in any order, by the sign between them and the digits of the last. */
const FORM = /^\d{1,2}([./ -])\d{1,2}\1(\d{4}|\d\d)(?!\d)/;
/** Whose day and month are one number, which tells no order. */
const ALIKE = /^0?(\d{1,2})[./ -]0?\1[./ -]/;
/** Of a column of dates, as many have their form. */
const NEARLY_ALL = 0.9;

/** The one form that values have; undefined where they have several, or hardly any. */
function formOf(values: readonly string[]): string | undefined {
  const forms = values.flatMap((text) => {
    const found = FORM.exec(text);
    return found === null ? [] : [`${found[1]}${found[2]!.length}`];
  });
  const [form] = forms;
  return forms.length >= NEARLY_ALL * values.length && forms.every((each) => each === form) ? form : undefined;
}

/**
 * The order of day and month by other columns of dates that are written in the form of the invoices', as those of deliveries and payments: a
 * program writes all in one order. Undefined where none of these tells it, or two tell another.
 */
export function orderOfOtherDates(
  table: Table,
  texts: ColumnValues,
  timeZone: string | null,
): Decision<DateFormat> | undefined {
  const form = formOf([...occurrencesOf(texts).keys()].filter((text) => text !== ""));
  if (form === undefined) return undefined;
  const told = table.unused().flatMap((at) => {
    const values = new Map(table.countsAt(at));
    values.delete("");
    if ([...values.keys()].every((text) => ALIKE.test(text))) return [];
    if (formOf([...values.keys()]) !== form) return [];
    const dates = detectDates(values, { dateOrder: null, timeZone });
    if (isOpen(dates)) return [];
    const { order } = dates.value;
    const tells = order === "day_first" || order === "month_first" || order === "year_first";
    return tells ? [{ order, because: `${table.nameOf(at)}, where ${dates.evidence}` }] : [];
  });
  const [first] = told;
  if (first === undefined || told.some(({ order }) => order !== first.order)) return undefined;
  const dates = detectDates(texts, { dateOrder: first.order, timeZone });
  return isOpen(dates) ? undefined : { value: dates.value, evidence: `as in ${first.because}`, confidence: "likely" };
}
