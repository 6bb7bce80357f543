import { formatPlural } from "@keyspaces-segmentation/common";
import { looksLikeDate, type TableRecord } from "@keyspaces-segmentation/table-files";
import { simplified } from "../columns/column_names.js";
import { listed } from "../columns/map_columns.js";
import { type Amounts, moneyReader, totalReader } from "../money/worth.js";
import { invoiceKeyReader } from "../orders/purchases.js";
import { FEWEST_LINES_FOR_SHARE, LARGEST_SHARE_OF_RETURNS } from "../returns/returns_share.js";
import { UndecidedError } from "../undecided.js";
import { awaitsPayment, isUnpaid } from "./state_words.js";

/** When an invoice is to be paid at last. */
const DUE =
  /^(?:payment)?due(?:date|on|by)?$|^(?:fallig(?:keit|keitsdatum|am|bis)?|zahlungsziel|echeance|datedecheance|vencimiento|scadenza|vervaldatum|termin(?:platnosci)?)$/;
const TERMS = /^(?:payment)?terms$|^zahlungsbedingung(?:en)?$/;
/** Terms that are so many days, "Net 30" or "30 days". */
const DAYS =
  /^n\W*\d{1,3}\b|\bnet(?:to)?\W*\d{1,3}\b|\b\d{1,3}\W*(?:d|days?|tage?n?|jours?|j|dias?|giorni|gg|dagen|dni|dagar|dage|dager)\b|^\d\d$/i;
/** What is left to be paid of it. */
const OPEN = /^(?:invoice)?(?:amount|balance)due$|^(?:open)?balance$|^resteapayer$/;
/** With taxes and postage, that is at most so much more than its lines come to. */
const MOST = 1.3;

/** Of the lines that wait, so many have it; a few may have been left without. */
const NEARLY_ALL = 0.9;

/** Whether a shop sells on account, as what waits for its payment has a day on which it is due, terms, or an amount that is open. */
export function isOnAccount(
  body: readonly TableRecord[],
  header: readonly string[],
  { states, amounts }: { states: readonly number[]; amounts: Amounts },
): boolean {
  const { shift } = amounts;
  const value = (fields: readonly string[], at: number): string => fields[at + shift]?.trim() ?? "";
  const invoiceOf = invoiceKeyReader(amounts.positions, shift);
  const waiting = body.filter(({ fields }) => states.some((at) => isUnpaid(value(fields, at))));
  const isDays = (text: string): boolean => looksLikeDate(text) || DAYS.test(text);
  const isOpen = (at: number): ((fields: readonly string[]) => boolean) => {
    const [money, total] = [moneyReader(amounts), totalReader(body, amounts)];
    return (fields) => money(fields, at) !== 0 && Math.abs(money(fields, at)) <= MOST * Math.abs(total(fields));
  };
  return header.some((each, at) => {
    const name = simplified(each);
    if (waiting.length === 0) return DUE.test(name);
    const hasDays = DUE.test(name) || TERMS.test(name);
    if (!hasDays && !OPEN.test(name)) return false;
    const isSaid = hasDays ? (fields: readonly string[]) => isDays(value(fields, at)) : isOpen(at);
    // It may stand on one line of an invoice.
    const said = new Set(waiting.filter(({ fields }) => isSaid(fields)).map(({ fields }) => invoiceOf(fields)));
    return waiting.filter(({ fields }) => said.has(invoiceOf(fields))).length >= NEARLY_ALL * waiting.length;
  });
}

/** @throws UndecidedError where more lines await their payment than come to nothing in any shop: they may be sold on account */
export function askWhereManyWait(
  body: readonly TableRecord[],
  header: readonly string[],
  { states, shift }: { states: readonly number[]; shift: number },
): void {
  if (body.length < FEWEST_LINES_FOR_SHARE) return;
  for (const at of states) {
    const waiting = body.map(({ fields }) => fields[at + shift]?.trim() ?? "").filter(awaitsPayment);
    if (waiting.length <= LARGEST_SHARE_OF_RETURNS * body.length) continue;
    const [name, state] = [listed([header[at]!]), JSON.stringify(waiting[0])];
    throw new UndecidedError({
      parameter: "columns",
      got: `${name} has ${state} on ${formatPlural(waiting.length, "line")} of ${formatPlural(body.length, "line")} of the sample, many for orders that came to nothing: they may be sold on account`,
      choices: [
        { value: "status=-", reads: ["all lines as sales"] },
        { value: `status=${name}`, reads: [`those with ${state} as no sales`] },
      ],
    });
  }
}
