import { quantileOf } from "@keyspaces-segmentation/invoices";
import {
  type ColumnValues,
  type DateFormat,
  type DateOrder,
  type Decision,
  dateReader,
  detectDates,
  isOpen,
  occurrencesOf,
} from "@keyspaces-segmentation/table-files";
import { dateText } from "../columns/date_text.js";
import { fieldAt, type Table } from "../columns/table.js";

/** Day, month and year in any order, by the sign between them and the digits of the last. */
const FORM = /^\d{1,2}([./ -])\d{1,2}\1(\d{4}|\d\d)(?!\d)/;
/** Whose day and month are one number, which tells no order. */
const ALIKE = /^0?(\d{1,2})[./ -]0?\1[./ -]/;
/** Of a column of dates, as many have their form. */
const NEARLY_ALL = 0.9;
/** Of the lines with a date of the invoice, as many have the other as well: one that is written in alone may be a slip. */
const HALF = 0.5;
/** What happens to an invoice does so within a year, or about: a customer was born before. */
const ABOUT_A_YEAR = 400 * 86_400_000;

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
 * program writes all in one order. Undefined where none of these tells it, or two tell another, or where most of them lie nearer to the invoices'
 * as these are in the other order.
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
    if (!tells || !areNear(table, texts, { at, order, format: dates.value })) return [];
    return [{ order, because: `${table.nameOf(at)}, where ${dates.evidence}` }];
  });
  const [first] = told;
  if (first === undefined || told.some(({ order }) => order !== first.order)) return undefined;
  const dates = detectDates(texts, { dateOrder: first.order, timeZone });
  return isOpen(dates) ? undefined : { value: dates.value, evidence: `as in ${first.because}`, confidence: "likely" };
}

const IN_TURN: { readonly [order in DateOrder]?: DateOrder } = { day_first: "month_first", month_first: "day_first" };

/** Whether a column has dates in enough lines, and these lie near to those of the invoices in the order, and no nearer in the other one. */
function areNear(
  table: Table,
  texts: ColumnValues,
  { at, order, format }: { at: number; order: DateOrder; format: DateFormat },
): boolean {
  const readOther = dateReader(format);
  const between = (given: DateOrder): number[] => {
    const invoices = detectDates(texts, { dateOrder: given, timeZone: format.timeZone });
    if (isOpen(invoices)) return [];
    const read = dateReader(invoices.value);
    return table.lines.flatMap(({ fields }) => {
      const [day, other] = [read(dateText(fields, table.positions)), readOther(fieldAt(fields, at))];
      return day === undefined || other === undefined ? [] : [Math.abs(other.getTime() - day.getTime())];
    });
  };
  const distances = between(order);
  const dated = table.lines.filter(({ fields }) => dateText(fields, table.positions) !== "").length;
  if (distances.length === 0 || distances.length < HALF * dated) return false;
  const nearly = distances.filter((distance) => distance <= ABOUT_A_YEAR).length;
  const turned = IN_TURN[order] === undefined ? [] : between(IN_TURN[order]);
  return (
    nearly >= NEARLY_ALL * distances.length &&
    (turned.length === 0 || quantileOf(distances, 0.5) <= quantileOf(turned, 0.5))
  );
}
