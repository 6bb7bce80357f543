import { formatNumber, formatPlural } from "@keyspaces-segmentation/common";
import { type Decision, looksLikeNumber } from "@keyspaces-segmentation/table-files";
import { simplified } from "../columns/column_names.js";
import type { Positions } from "../columns/map_columns.js";
import { fieldAt, type Table } from "../columns/table.js";

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
/** That payment, and no fee on it, nor what takes it back. */
const PAID =
  /^(?!refund|revers|cancel|void|fail|declin).*(?:payment|sale|capture)s?$|^(?:captured|charge[ds]?|orders?)$/;
/** What a till says of sales that are none, and of those that are: elsewhere a training is sold. */
const TRAINING = /^training$/;
const AT_A_TILL = /^(?:sales?|refunds?|returns?)$/;
/** Of the ledgers of Sage: a receipt, and one on account, beside credit notes of their own. */
const RECEIPT = /^s[ra]$/;

/**
 * Kinds of rows that are no lines of a sale: payments in a list of invoices, what was void or only offered, and what adds up the lines below
 * it, which are called as it is.
 */
export function noSalesOf(table: Table): Decision<readonly string[]> {
  const nothing: Decision<readonly string[]> = { value: [], evidence: "", confidence: "certain" };
  const { type } = table.positions;
  if (type === undefined) return nothing;
  const value = [...new Set([...noSalesAmong([...table.countsAt(type).keys()]), ...kindsOfMemos(table, type)])];
  if (value.length === 0) return nothing;
  const lines = table.linesWith(type, (kind) => value.includes(kind));
  return {
    value,
    evidence: `${formatNumber(lines)} of ${formatPlural(table.lines.length, "line")} of the sample, beside those that are sold`,
    confidence: "likely",
  };
}

/** What a list of payments says of rows that leave the balance as it is, as those of invoices that were sent and of money put aside. */
const MEMO = /^memo$/;
/** Beside money that came in, and that went out, and nothing else: a memo may be a product, a class of documents or a note. */
const SIDE = /^(?:credit|debit|haben|soll|credito|debito|dare|avere|debe|haber)$/;

/** Kinds of rows that move no money, all of them, by a column that tells those from rows that do. */
function kindsOfMemos(table: Table, type: number): string[] {
  const isMemo = (text: string): boolean => MEMO.test(simplified(text));
  const isSide = (text: string): boolean => SIDE.test(simplified(text));
  const impact = table.unused().find((at) => {
    const values = [...table.countsAt(at).keys()].filter((text) => text !== "");
    return values.some(isMemo) && !values.every(isMemo) && values.every((text) => isMemo(text) || isSide(text));
  });
  if (impact === undefined) return [];
  const moving = new Set<string>();
  for (const { fields } of table.lines) if (!isMemo(fieldAt(fields, impact))) moving.add(fieldAt(fields, type));
  return [...table.countsAt(type).keys()].filter((kind) => kind !== "" && !moving.has(kind));
}

/** Of the kinds of rows in a file those that are no lines of a sale. */
export function noSalesAmong(all: readonly string[]): string[] {
  const kinds = new Set(all.map(simplified));
  const hasInvoices = [...kinds].some((kind) => INVOICE.test(kind));
  const isAtATill = [...kinds].some((kind) => AT_A_TILL.test(kind));
  const isPaid = [...kinds].some((kind) => PAID.test(kind) && !SET_ASIDE.test(kind));
  const isReceipt = (kind: string): boolean => kinds.has("si") && kinds.has("sc") && RECEIPT.test(kind);
  return all.filter((kind) => {
    const simple = simplified(kind);
    const isPayment = hasInvoices && (PAYMENT.test(simple) || isReceipt(simple));
    const isNothing =
      NOTHING.test(simple) || (isAtATill && TRAINING.test(simple)) || (isPaid && SET_ASIDE.test(simple));
    return simple !== "" && (isPayment || isNothing || kinds.has(`${simple}line`) || kinds.has(`${simple}item`));
  });
}

/** The lines that are sales by their kind. */
export function salesAmong(table: Table): Table {
  const noSales = noSalesOf(table).value;
  if (noSales.length === 0) return table;
  return table.filter((fields) => !noSales.includes(fieldAt(fields, table.positions.type)));
}

/** The positions without that of kinds of documents, where its column, called "Refund" or "Credit", has amounts in it. */
export function withoutMoneyKinds(table: Table): Positions {
  const { type, ...others } = table.positions;
  if (type === undefined) return table.positions;
  const isMoney = (text: string): boolean => /\d[.,]\d/.test(text) && looksLikeNumber(text);
  return [...table.countsAt(type).keys()].some(isMoney) ? others : table.positions;
}
