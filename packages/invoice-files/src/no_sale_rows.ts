import { formatNumber, formatPlural } from "@keyspaces-segmentation/common";
import { type Decision, looksLikeNumber, type TableRecord } from "@keyspaces-segmentation/table-files";
import { simplified } from "./column_names.js";
import type { Positions } from "./map_columns.js";

/** Documents that are sales; beside these, payments pay for them. */
const INVOICE =
  /^(?:sales?|tax|customer)?(?:invoices?|inv|bill|rechnung|faktura|facture|factura|fattura|factuur|line|saleline|lineitem|items?|products?|goods|articles?|artikel|positions?)$|^si$/;
/** What a customer has paid, and no way in which a sale was paid. */
const PAYMENT =
  /^(?:customer|invoice|bank|cash|sales)?(?:payments?|pmt|pymt)(?:received|in|receipt)?$|^(?:cash|bank)receipt$|^(?:zahlung(?:seingang)?|einzahlung|paiement|reglement|pago|cobro|pagamento|incasso|betaling|ontvangst|indbetaling|inbetalning|wplata|platba)$/;
/** What has come to nothing, or is none yet. */
const NOTHING = /^(?:void(?:ed)?|cancell?ed|nosale|quotes?|quotations?|estimates?|proforma(?:invoice)?|draft)$/;
/** What puts money aside for a payment that has a row of its own, and lets it go again. */
const SET_ASIDE =
  /^(?:general|payment|card)?authori[sz]ations?$|^(?:reversalof)?(?:general)?accounthold(?:foropenauthori[sz]ation)?$/;
const PAID = /payment|sale|capture|charge|order/;
/** What a till says of sales that are none, and of those that are: elsewhere a training is sold. */
const TRAINING = /^training$/;
const AT_A_TILL = /^(?:sales?|refunds?|returns?)$/;
/** Of the ledgers of Sage: a receipt, and one on account, beside credit notes of their own. */
const RECEIPT = /^s[ra]$/;

/**
 * Kinds of rows that are no lines of a sale: payments in a list of invoices, what was void or only offered, and what adds up the lines below
 * it, which are called as it is.
 */
export function noSalesOf(
  body: readonly TableRecord[],
  { type }: Positions,
  shift: number,
): Decision<readonly string[]> {
  const nothing: Decision<readonly string[]> = { value: [], evidence: "", confidence: "certain" };
  if (type === undefined) return nothing;
  const counts = new Map<string, number>();
  for (const { fields } of body) {
    const kind = fields[type + shift]?.trim() ?? "";
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  const value = noSalesAmong([...counts.keys()]);
  if (value.length === 0) return nothing;
  const lines = value.reduce((sum, kind) => sum + counts.get(kind)!, 0);
  return {
    value,
    evidence: `${formatNumber(lines)} of ${formatPlural(body.length, "line")} of the sample, beside those that are sold`,
    confidence: "likely",
  };
}

/** Of the kinds of rows in a file those that are no lines of a sale. */
export function noSalesAmong(all: readonly string[]): string[] {
  const kinds = new Set(all.map(simplified));
  const hasInvoices = [...kinds].some((kind) => INVOICE.test(kind));
  const isAtATill = [...kinds].some((kind) => AT_A_TILL.test(kind));
  const isPaid = [...kinds].some((kind) => PAID.test(kind));
  const isReceipt = (kind: string): boolean => kinds.has("si") && kinds.has("sc") && RECEIPT.test(kind);
  return all.filter((kind) => {
    const simple = simplified(kind);
    const isPayment = hasInvoices && (PAYMENT.test(simple) || isReceipt(simple));
    const isNothing =
      NOTHING.test(simple) || (isAtATill && TRAINING.test(simple)) || (isPaid && SET_ASIDE.test(simple));
    return simple !== "" && (isPayment || isNothing || kinds.has(`${simple}line`) || kinds.has(`${simple}item`));
  });
}

/** The records that are lines of sales. */
export const salesAmong = (
  body: readonly TableRecord[],
  noSales: readonly string[],
  at: number,
): readonly TableRecord[] =>
  noSales.length === 0 ? body : body.filter(({ fields }) => !noSales.includes(fields[at]?.trim() ?? ""));

/** The positions without that of kinds of documents, where its column, called "Refund" or "Credit", has amounts in it. */
export function withoutMoneyKinds(body: readonly TableRecord[], positions: Positions, shift: number): Positions {
  const { type, ...others } = positions;
  if (type === undefined) return positions;
  const isMoney = (text: string): boolean => /\d[.,]\d/.test(text) && looksLikeNumber(text);
  return body.some(({ fields }) => isMoney(fields[type + shift] ?? "")) ? others : positions;
}
