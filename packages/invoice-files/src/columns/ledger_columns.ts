import { simplified } from "./column_names.js";

const AROUND = (nouns: string): RegExp =>
  new RegExp(
    `^(?:amount|total|net|montant|umsatz|importe|importo|betrag|bedrag)?(?:${nouns})(?:amount|amt|value|betrag|total|montant|importe|bedrag|(?:in)?[a-z]{3})?$`,
  );

const PAIRS: readonly (readonly [one: RegExp, other: RegExp])[] = [
  [AROUND("debits?|soll|debe|debito|dare|debet|wn"), AROUND("credits?|haben|haber|credito|avere|kredit|ma")],
  [/^dr(?:amount|amt)?$/, /^cr(?:amount|amt)?$/],
  [
    /^(?:charges?|charged|sales?|invoiced)(?:amount|value)?$|^amountcharged$/,
    /^(?:refunds?|refunded|returns?|returned|credited)(?:amount|value)?$|^amountrefunded$/,
  ],
  [/^(?:money|paid|amount|cash)in$/, /^(?:money|paid|amount|cash)out$/],
  [/^einnahmen?$/, /^ausgaben?$/],
];

/** The two columns in which a ledger has its amounts, in place of one with signs; undefined where there are none. */
export function sidesIn(header: readonly string[]): { debit: number; credit: number } | undefined {
  const names = header.map(simplified);
  for (const [one, other] of PAIRS) {
    const debit = names.findIndex((name) => one.test(name));
    const credit = names.findIndex((name) => other.test(name));
    if (debit >= 0 && credit >= 0) return { debit, credit };
  }
  return undefined;
}
