import { formatPlural, pluralForm } from "@keyspaces-segmentation/common";
import type { Decision, TableRecord } from "@keyspaces-segmentation/table-files";
import { simplified } from "./column_names.js";
import { isFlag, saysYes } from "./flags.js";
import type { Positions } from "./map_columns.js";

/** States of orders and payments that nobody has bought anything with, in the languages of the column names. */
const NO_SALE = new RegExp(
  `^(?:wc)?(?:${[
    "cancell?ed.*|cancell?ation|void(?:ed)?|failed|failure|declined|denied|rejected|deleted|expired|abandoned|draft|quotation",
    "storniert|abgebrochen|abgelehnt|fehlgeschlagen|entwurf|annulee?|echouee?|echec|refusee?|brouillon",
    "cancelad[oa]|anulad[oa]|fallid[oa]|rechazad[oa]|borrador|annullat[oa]|fallit[oa]|rifiutat[oa]|bozza",
    "geannuleerd|mislukt|geweigerd|concept|anulowan[aeoy]|nieudan[aeoy]|odrzucon[aeoy]|recusad[oa]|makulerad|avbruten|misslyckad",
  ].join("|")})$`,
);
/** And those in which all of it was given back. */
const REFUNDED =
  /^(?:wc)?(?:(?:fully)?refunded|erstattet|rembourse[es]?|reembolsad[oa]|rimborsat[oa]|terugbetaald|zwrocon[aeoy]|aterbetald)$/;

/** Which states of an order mean that its lines are no sales. */
export interface OrderStates {
  /** Those that are paid back in full among them: not where the file has lines below zero, which may be those that pay back. */
  readonly withRefunded: boolean;
  /** Whether the column says yes or no, as one called "Cancelled" does. */
  readonly isFlag: boolean;
  readonly text: string;
}

/** Whether lines in a state are no sales. */
export const isNoSale = (state: string, { withRefunded, isFlag: isYesOrNo }: Omit<OrderStates, "text">): boolean => {
  if (isYesOrNo) return saysYes(state) || state === "1";
  const simple = simplified(state);
  return NO_SALE.test(simple) || (withRefunded && REFUNDED.test(simple));
};

/** As many states are named. */
const NAMED = 5;

/** Finds the orders of a file that are no sales, by their states. */
export function orderStatesOf(
  body: readonly TableRecord[],
  header: readonly string[],
  { status, quantity, price, amount }: Positions,
  shift: number,
): Decision<OrderStates> {
  const nothing = { withRefunded: false, isFlag: false, text: "" };
  if (status === undefined) return { value: nothing, evidence: "", confidence: "certain" };
  const value = (fields: readonly string[], at: number | undefined): string =>
    at === undefined ? "" : (fields[at + shift]?.trim() ?? "");
  const money = price ?? amount;
  const hasBelowZero = body.some(({ fields }) =>
    [value(fields, quantity), value(fields, money)].some((text) => /^[(−-]|[)−-]$/.test(text) && /\d/.test(text)),
  );
  const withRefunded = !hasBelowZero;
  // "Status" with yes and no in it is none that is known here.
  const isOfCancelled = simplified(header[status] ?? "").search(/stat[eu]|stato|estado|situacao/) < 0;
  const asFlag =
    isOfCancelled && isFlag([...new Set(body.map(({ fields }) => value(fields, status)))], { withNumbers: true });
  const counts = new Map<string, number>();
  for (const { fields } of body) {
    const state = value(fields, status);
    if (state !== "" && isNoSale(state, { withRefunded, isFlag: asFlag }))
      counts.set(state, (counts.get(state) ?? 0) + 1);
  }
  const lines = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const named = [...counts.keys()].slice(0, NAMED).map((state) => JSON.stringify(state));
  return {
    value: { withRefunded, isFlag: asFlag, text: `${named.join(", ")}: rejected, as no sale` },
    evidence:
      lines === 0
        ? ""
        : `${formatPlural(lines, "line")} of the sample ${pluralForm(lines, "has", "have")} such a state`,
    confidence: "likely",
  };
}
