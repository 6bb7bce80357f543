import { formatPlural } from "@keyspaces-segmentation/common";
import { looksLikeDate } from "@keyspaces-segmentation/table-files";
import { simplified } from "../columns/column_names.js";
import { fieldAt, type Table } from "../columns/table.js";
import { FEWEST_LINES_FOR_SHARE, LARGEST_SHARE_OF_RETURNS } from "../money/sales_signs.js";
import { aboutReader, type NumberFormats, totalReader } from "../money/worth.js";
import { invoiceKeyReader } from "../orders/purchases.js";
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
export function isOnAccount(table: Table, states: readonly number[], formats: NumberFormats): boolean {
  const invoiceOf = invoiceKeyReader(table.positions);
  const mayWait = states.filter((at) => [...table.countsAt(at).keys()].some(isUnpaid));
  const isWaiting = table.linesTest(mayWait, isUnpaid);
  const waiting = table.lines.filter(({ fields }) => isWaiting(fields));
  const isDays = (text: string): boolean => looksLikeDate(text) || DAYS.test(text);
  const isOpen = (at: number): ((fields: readonly string[]) => boolean) => {
    const [money, total] = [aboutReader(formats.price), totalReader(table, formats)];
    return (fields) => money(fields, at) !== 0 && Math.abs(money(fields, at)) <= MOST * Math.abs(total(fields));
  };
  return table.header.some((each, at) => {
    const name = simplified(each);
    if (waiting.length === 0) return DUE.test(name);
    const hasDays = DUE.test(name) || TERMS.test(name);
    if (!hasDays && !OPEN.test(name)) return false;
    const isSaid = hasDays ? (fields: readonly string[]) => isDays(fieldAt(fields, at)) : isOpen(at);
    // It may stand on one line of an invoice.
    const said = new Set(waiting.filter(({ fields }) => isSaid(fields)).map(({ fields }) => invoiceOf(fields)));
    return waiting.filter(({ fields }) => said.has(invoiceOf(fields))).length >= NEARLY_ALL * waiting.length;
  });
}

/** @throws UndecidedError where more lines await their payment than come to nothing in any shop: they may be sold on account */
export function askWhereManyWait(table: Table, states: readonly number[]): void {
  const all = table.lines.length;
  if (all < FEWEST_LINES_FOR_SHARE) return;
  for (const at of states) {
    const lines = table.linesWith(at, awaitsPayment);
    if (lines <= LARGEST_SHARE_OF_RETURNS * all) continue;
    const [name, state] = [table.nameOf(at), JSON.stringify([...table.countsAt(at).keys()].find(awaitsPayment))];
    throw new UndecidedError({
      parameter: "columns",
      got: `${name} has ${state} on ${formatPlural(lines, "line")} of ${formatPlural(all, "line")} of the sample, many for orders that came to nothing: they may be sold on account`,
      choices: [
        { value: "status=-", reads: ["all lines as sales"] },
        { value: `status=${name}`, reads: [`those with ${state} as no sales`] },
      ],
    });
  }
}
