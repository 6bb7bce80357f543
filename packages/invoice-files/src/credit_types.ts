import { formatPlural } from "@keyspaces-segmentation/common";
import { type Decision, looksLikeNumber, type TableRecord } from "@keyspaces-segmentation/table-files";
import { simplified } from "./column_names.js";
import { isFlag, saysYes } from "./flags.js";
import type { Positions } from "./map_columns.js";

const CREDIT =
  /refund|credit(?!card)|return|gutschrift|storno|retoure|rucksendung|avoir|rembours|retour|abono|rectificativ|devoluc|devolvid|notacredito|notadicredito|notadecredito|rettifica|reso|chargeback|kredit(?!kart)|korygujac|korekt|zwrot|^retur$/;

/** Abbreviations of credit notes, each known by one of a sale beside it: `RE` is a credit note in SAP and an invoice elsewhere in Germany. */
const ABBREVIATED: readonly (readonly [sales: RegExp, credits: RegExp])[] = [
  [/^(?:f2|zf2)$/, /^(?:g2|re|zg2|zre)$/],
  [/^(?:re|rg|ar)$/, /^(?:gs|gu|gut|ga|st|sr)$/],
  [/^si$/, /^(?:sc|sr)$/],
  // UNTDID 1001, as in electronic invoices.
  [/^(?:380|326|384)$/, /^381$/],
  [/^(?:inv?|invc)$/, /^(?:cn|cm|cr|crn|crm|cred|rma)$/],
  [/^(?:fa|fac|fact|fc)$/, /^(?:av|avo|nc|ncc)$/],
  [/^(?:ft|fs|fr|fv)$/, /^(?:nc|ncr|kor|kfs|kfv|fk)$/],
];

/** The kinds of documents that are credit notes by their names. */
function creditsAmong(kinds: readonly string[]): Set<string> {
  const pair = ABBREVIATED.find(([sales]) => kinds.some((kind) => sales.test(simplified(kind))));
  return new Set(kinds.filter((kind) => CREDIT.test(simplified(kind)) || pair?.[1].test(simplified(kind)) === true));
}

/** Of a column whose name says nothing, only these words are kinds of documents, and only where both are in it. */
const CREDIT_ALONE =
  /^(?:(?:sales|customer)?(?:returns?|returned|refunds?|refunded|credit(?:note|memo|invoice|nota|factuur))|gutschrift|storno|retoure|rucknahme|avoir|retour|rembours.*|abono|(?:factura)?rectificativa|devoluc.*|devuelto|reso|nota(?:di|de)?credito|(?:faktura)?korygujaca|korekta.*|zwrot|retur|kredit(?:nota|faktura))$/;
const SALE_ALONE =
  /^(?:sales?|sold|purchase|order|invoice|bought|verkauf|rechnung|auftrag|bestellung|facture|vente|vendu|commande|venta|vendid|factura|pedido|vendita|vendut|fattura|ordine|verkoop|verkocht|factuur|faktura|sprzedaz|forsaljning|salg|venda)/;
/** More different values are no kinds. */
const MOST_KINDS = 12;

/**
 * The column that says what kind of document a line is of by its values alone, such as "Transaction" with "Sold" and "Returned" in it;
 * undefined for none.
 */
export function typeColumnOf(body: readonly TableRecord[], positions: Positions, shift: number): number | undefined {
  const used = new Set<number>(Object.values(positions));
  const width = body.reduce((most, { fields }) => Math.max(most, fields.length), 0) - shift;
  for (let at = 0; at < width; at++) {
    if (used.has(at)) continue;
    const kinds = new Set<string>();
    for (const { fields } of body) if (kinds.add(simplified(fields[at + shift] ?? "")).size > MOST_KINDS) break;
    const credits = [...kinds].filter((kind) => CREDIT_ALONE.test(kind));
    const hasSales = [...kinds].some((kind) => SALE_ALONE.test(kind) && !credits.includes(kind));
    if (kinds.size <= MOST_KINDS && credits.length > 0 && hasSales) return at;
  }
  return undefined;
}

/** The two sides of a ledger, which some exports have in place of a sign. */
const SIDE = /^(?:s|h|soll|haben|d|c|dr|cr|debit|credit)$/;

/** Whether a number of a field is above zero, by its first sign. */
const isPositive = (text: string): boolean =>
  looksLikeNumber(text) && !/^[\s(]*[-−‐–(]|[-−)]\s*$/.test(text) && /[1-9]/.test(text);

/**
 * Finds the kinds of documents that are credit notes and nevertheless have positive quantities and amounts: their lines are taken
 * with the sign turned. Of the two sides of a ledger, that with fewer lines is the one of the credit notes: which it is by name depends
 * on whose account is meant.
 */
export function creditTypesOf(
  body: readonly TableRecord[],
  { type, quantity, price, amount }: Positions,
  shift: number,
): Decision<readonly string[]> {
  const none: Decision<readonly string[]> = { value: [], evidence: "", confidence: "certain" };
  if (type === undefined) return none;
  const kinds = new Map<string, { lines: number; positive: number }>();
  for (const { fields } of body) {
    const value = (at: number | undefined): string => (at === undefined ? "1" : (fields[at + shift] ?? "").trim());
    const kind = value(type);
    const seen = kinds.get(kind) ?? { lines: 0, positive: 0 };
    kinds.set(kind, seen);
    seen.lines++;
    if (isPositive(value(quantity)) && isPositive(value(price ?? amount))) seen.positive++;
  }
  const named = [...kinds].filter(([kind]) => kind !== "");
  if (isFlag([...kinds.keys()], { withNumbers: false })) {
    // A column of its own, such as "Is Return".
    for (const [kind, seen] of kinds)
      if (saysYes(kind) && seen.positive > seen.lines / 2) return turnedOf([[kind, seen]]);
    return none;
  }
  const areSides = named.every(([kind]) => SIDE.test(simplified(kind)));
  const byName = creditsAmong(named.map(([kind]) => kind));
  const credits = areSides
    ? named.sort(([, a], [, b]) => b.lines - a.lines).slice(1)
    : named.filter(([kind]) => byName.has(kind));
  const turned = credits.filter(([, { lines, positive }]) => positive > lines / 2);
  return turned.length === 0 ? none : turnedOf(turned);
}

type Kinds = readonly (readonly [kind: string, seen: { readonly lines: number }])[];

function turnedOf(turned: Kinds): Decision<readonly string[]> {
  const lines = turned.reduce((sum, [, seen]) => sum + seen.lines, 0);
  return {
    value: turned.map(([kind]) => kind),
    evidence: `${formatPlural(lines, "line")} of the sample with this kind of document ${lines === 1 ? "is" : "are"} positive; their sign is turned`,
    confidence: "likely",
  };
}
