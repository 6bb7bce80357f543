import { formatPlural, pluralForm } from "@keyspaces-segmentation/common";
import { type Decision, looksLikeDate, saysNothing, type TableRecord } from "@keyspaces-segmentation/table-files";
import { simplified } from "./column_names.js";
import { isFlag, saysYes } from "./flags.js";
import { listed, type Positions } from "./map_columns.js";

/** States of orders and payments that nobody has bought anything with, in the languages of the column names. */
const NO_SALE = new RegExp(
  `^(?:wc)?(?:${[
    "cancell?ed.*|cancell?ation|void(?:ed)?|failed|failure|declined|denied|rejected|deleted|expired|abandoned|(?:checkout|auto)?draft|quotation|trash|(?:pending|awaiting|waitingfor)payment|paymentpending",
    "storniert|abgebrochen|abgelehnt|fehlgeschlagen|entwurf|annulee?|echouee?|echec|refusee?|brouillon|enattentedepaiement|(?:zahlung|bezahlung)ausstehend|wartetaufzahlung",
    "pendientedepago|(?:in)?attesa(?:di|del)pagamento|wachtopbetaling|(?:in)?afwachtingvanbetaling|aguardandopagamento",
    "cancelad[oa]|anulad[oa]|fallid[oa]|rechazad[oa]|borrador|annullat[oa]|fallit[oa]|rifiutat[oa]|bozza",
    "geannuleerd|mislukt|geweigerd|concept|anulowan[aeoy]|nieudan[aeoy]|odrzucon[aeoy]|recusad[oa]|makulerad|avbruten|misslyckad",
  ].join("|")})$`,
);
/** And those in which all of it was given back. */
const REFUNDED =
  /^(?:wc)?(?:(?:fully)?refunded|returned|retourniert|erstattet|rembourse[es]?|reembolsad[oa]|rimborsat[oa]|terugbetaald|zwrocon[aeoy]|aterbetald)$/;

/** Which states of an order mean that its lines are no sales. */
export interface OrderStates {
  /** Those that are paid back in full among them: not where the file has lines below zero, which may be those that pay back. */
  readonly withRefunded: boolean;
  /** Whether the column that is called "Cancelled", "Refunded at" or alike says by yes or a date that a line is no sale. */
  readonly byCancelled: boolean;
  readonly text: string;
}

/** Whether lines in a state are no sales. */
export const isNoSale = (state: string, { withRefunded }: Pick<OrderStates, "withRefunded">): boolean => {
  const simple = simplified(state);
  return NO_SALE.test(simple) || (withRefunded && REFUNDED.test(simple));
};

/** Whether a field of a column called "Cancelled" says that it is so: by yes, by a count other than 0, or by when it was. */
export const isCancelled = (text: string): boolean => saysYes(text) || text === "1" || looksLikeDate(text);

/** Of a column that says by yes or a date what was cancelled, nearly all fields do, or are empty. */
const saysWhen = (text: string): boolean =>
  text === "" || isCancelled(text) || isFlag([text], { withNumbers: true }) || saysNothing(text);

/** As many states are named. */
const NAMED = 5;

/** Finds the orders of a file that are no sales, by their states. */
export function orderStatesOf(
  body: readonly TableRecord[],
  header: readonly string[],
  { status, cancelled, quantity, price, amount, credit }: Positions,
  shift: number,
): Decision<OrderStates> {
  const value = (fields: readonly string[], at: number | undefined): string =>
    at === undefined ? "" : (fields[at + shift]?.trim() ?? "");
  const money = price ?? amount;
  const hasBelowZero = body.some(
    ({ fields }) =>
      /[1-9]/.test(value(fields, credit)) ||
      [value(fields, quantity), value(fields, money)].some((text) => /^[(−-]|[)−-]$/.test(text) && /\d/.test(text)),
  );
  const withRefunded = !hasBelowZero;
  const isRefund = /refund|return|erstatt|retour|rembours/.test(simplified(header[cancelled ?? -1] ?? ""));
  // A 1 may be how many of several pieces came back.
  const isWhole = (fields: readonly string[]): boolean =>
    value(fields, cancelled) !== "1" || quantity === undefined || /^1(?:[.,]0*)?$/.test(value(fields, quantity));
  const byCancelled =
    cancelled !== undefined &&
    (withRefunded || !isRefund) &&
    body.every(({ fields }) => saysWhen(value(fields, cancelled)) && (!isRefund || isWhole(fields)));
  const counts = new Map<string, number>();
  const count = (state: string): unknown => counts.set(state, (counts.get(state) ?? 0) + 1);
  for (const { fields } of body) {
    const state = value(fields, status);
    if (state !== "" && isNoSale(state, { withRefunded })) count(JSON.stringify(state));
    else if (byCancelled && isCancelled(value(fields, cancelled)))
      count(`what has something in ${listed([header[cancelled]!])}`);
  }
  const lines = [...counts.values()].reduce((sum, each) => sum + each, 0);
  return {
    value: {
      withRefunded,
      byCancelled,
      text: `${[...counts.keys()].slice(0, NAMED).join(", ")}: rejected, as no sale`,
    },
    evidence:
      lines === 0
        ? ""
        : `${formatPlural(lines, "line")} of the sample ${pluralForm(lines, "has", "have")} such a state`,
    confidence: "likely",
  };
}
