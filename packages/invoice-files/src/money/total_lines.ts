import { simplified } from "../columns/column_names.js";

/** The reason of a line that adds up others. */
export const TOTAL_LINE = "a total, no line of an invoice";

/** What reports write in the lines that add up others, in the languages of the column names. */
const TOTAL =
  /^(?:grand|sub|sum|sous|invoice|order|report|over|page)?(?:total|totals|totale|totaal|totaux|totales)(?:general|generale|generaal|amount|overall|for.*|ogolem)?$|^(?:gesamt|end|zwischen|rechnungs|gesamt)?summe$|^(?:subtotal|zwischensumme|soustotal|totalfor|summefur|tussentotaal).*$|^gesamt(?:betrag|ergebnis)?$|^(?:suma|razem|summa|totalt|ogolem|subtotaal|insgesamt)$/;
/** Nothing longer is one of these words. */
const LONGEST = 60;

/** Whether a field that should be a number, a customer or an article says that its line adds up others. */
export function saysTotal(text: string): boolean {
  const first = text.charCodeAt(0) | 32;
  // Nearly all of them begin with a digit.
  return first >= 97 && first <= 122 && text.length <= LONGEST && TOTAL.test(simplified(text));
}
