import { formatPlural, pluralForm } from "@keyspaces-segmentation/common";
import { type Decision, looksLikeDate, saysNothing, type TableRecord } from "@keyspaces-segmentation/table-files";
import { simplified } from "./column_names.js";
import { isFlag, saysYes } from "./flags.js";
import { listed, type Positions } from "./map_columns.js";
import { isBelowZero } from "./signs.js";

/** States of orders and payments that nobody has bought anything with, in the languages of the column names. */
const NO_SALE = new RegExp(
  `^(?:wc)?(?:${[
    "(?:(?:closed|order|fully)?cancell?ed.*)|cancell?ation|void(?:ed)?|(?:payment)?failed|failedpayment|failure|reversed|charge(?:d)?back|quote|estimate|proforma|declined|denied|rejected|deleted|expired|abandoned|(?:checkout|auto)?draft|quotation|trash|(?:pending|awaiting|waitingfor)payment|paymentpending",
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

const named = (states: ReadonlySet<string>): string =>
  [...states].slice(0, NAMED).join(", ") + (states.size > NAMED ? " and others" : "");

/** States of what was sold. */
const SOLD =
  /^(?:wc)?(?:completed?|paid|shipped|delivered|fulfilled|invoiced|processed|success(?:ful)?|succeeded|abgeschlossen|bezahlt|versendet|geliefert|verschickt|termin[e]+|paye[es]*|expedie[es]*|livre[es]*|completad[oa]|pagad[oa]|enviad[oa]|entregad[oa]|completato|pagato|spedito|voltooid|betaald|verzonden|zrealizowane|oplacone)$/;
/** More different values are no states. */
const MOST_STATES = 12;

/** The column that says by its values alone what became of an order: some of a sale, some of none; undefined for none. */
export function statusColumnOf(
  body: readonly TableRecord[],
  header: readonly string[],
  { positions, shift }: { positions: Positions; shift: number },
): number | undefined {
  const used = new Set<number>(Object.values(positions));
  return [...header.keys()].find((at) => {
    if (used.has(at)) return false;
    const states = new Set<string>();
    for (const { fields } of body) if (states.add(fields[at + shift]?.trim() ?? "").size > MOST_STATES) return false;
    const known = [...states];
    return (
      known.some((state) => SOLD.test(simplified(state))) && known.some((state) => NO_SALE.test(simplified(state)))
    );
  });
}

/** Finds the orders of a file that are no sales, by their states. */
export function orderStatesOf(
  body: readonly TableRecord[],
  header: readonly string[],
  { status, cancelled, quantity, price, amount, credit }: Positions,
  { shift, hasReturns }: { shift: number; hasReturns: boolean },
): Decision<OrderStates> {
  const value = (fields: readonly string[], at: number | undefined): string =>
    at === undefined ? "" : (fields[at + shift]?.trim() ?? "");
  const money = price ?? amount;
  const hasBelowZero = body.some(
    ({ fields }) =>
      /[1-9]/.test(value(fields, credit)) || [value(fields, quantity), value(fields, money)].some(isBelowZero),
  );
  const withRefunded = !hasBelowZero && !hasReturns;
  const isRefund = /refund|return|erstatt|retour|rembours/.test(simplified(header[cancelled ?? -1] ?? ""));
  // A 1 may be how many of several pieces came back.
  const isWhole = (fields: readonly string[]): boolean =>
    value(fields, cancelled) !== "1" || quantity === undefined || /^1(?:[.,]0*)?$/.test(value(fields, quantity));
  const byCancelled =
    cancelled !== undefined &&
    (withRefunded || !isRefund) &&
    body.every(({ fields }) => saysWhen(value(fields, cancelled)) && (!isRefund || isWhole(fields)));
  const counts = new Map<string, number>();
  const others = new Set<string>();
  const count = (state: string): unknown => counts.set(state, (counts.get(state) ?? 0) + 1);
  for (const { fields } of body) {
    const state = value(fields, status);
    if (state !== "" && isNoSale(state, { withRefunded })) count(JSON.stringify(state));
    else if (byCancelled && isCancelled(value(fields, cancelled)))
      count(`what has something in ${listed([header[cancelled]!])}`);
    else if (state !== "") others.add(JSON.stringify(state));
  }
  const lines = [...counts.values()].reduce((sum, each) => sum + each, 0);
  return {
    value: {
      withRefunded,
      byCancelled,
      text:
        lines === 0
          ? `${named(others)}: sales`
          : `${[...counts.keys()].slice(0, NAMED).join(", ")}: rejected, as no sale`,
    },
    evidence:
      lines > 0
        ? `${formatPlural(lines, "line")} of the sample ${pluralForm(lines, "has", "have")} such a state${others.size === 0 ? "" : `; sales: ${named(others)}`}`
        : others.size > 1
          ? "none of these is known to mean that an order came to nothing"
          : "",
    confidence: "likely",
  };
}
