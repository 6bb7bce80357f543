import { simplified } from "../columns/column_names.js";

/** Words for credit notes, in a column of kinds of documents. */
const CREDIT =
  /refund|credit(?!card|sales?$)|return(?!ing|able|slip|trip|customer|ticket)|gutschrift|storno|retoure(?!nfrei)|rucksendung|avoir|rembours|retour(?!en)|abono|rectificativ|devoluc|devolvid|notacredito|notadicredito|notadecredito|rettifica|^reso$|notadireso|chargeback|kredit(?!kart)|korygujac|korekt|korrektur|reversal|crmemo|zwrot|ruckgabe|ruckerstattung|^erstattung|teruggave|palautus|vratka|^iade$|reembolso|rimborso|^retur$/;

/** Abbreviations of credit notes, each known by one of a sale beside it: `RE` is a credit note in SAP and an invoice elsewhere in Germany. */
const ABBREVIATED: readonly (readonly [sales: RegExp, credits: RegExp])[] = [
  [/^(?:f2|zf2)$/, /^(?:g2|re|zg2|zre|s1|zs1)$/],
  [/^(?:re|rg|ar)$/, /^(?:gs|gu|gut|ga|st|sr|rk|gr)$/],
  // Movements of goods in SAP, and Italy's electronic invoices.
  [/^60[13]$/, /^(?:60[24]|65[1357])$/],
  [/^td(?:01|24|25)$/, /^td(?:04|08)$/],
  [/^si$/, /^(?:sc|sr)$/],
  // UNTDID 1001, as in electronic invoices.
  [/^(?:380|326|384)$/, /^381$/],
  [/^(?:inv?|invc)$/, /^(?:cn|cm|cr|crn|crm|cred|rma)$/],
  [/^(?:fa|fac|fact|fc)$/, /^(?:av|avo|nc|ncc)$/],
  [/^(?:ft|fs|fr|fv)$/, /^(?:nc|ncr|kor|kfs|kfv|fk|fvk)$/],
];

/** Of what is paid at once, beside which what is on credit is paid later. */
const PAID_AT_ONCE = /^(?:cash|bar|contado|contant|comptant|prepaid)/;
const ON_CREDIT = /^(?:store)?credit(?:sales?|invoices?)?$/;
/** Tickets one way, beside which a return is there and back. */
const ONE_WAY = /^(?:single|oneway)/;

/** The kinds of documents that are credit notes by their names. */
export function creditsAmong(kinds: readonly string[]): Set<string> {
  const simple = new Map(kinds.map((kind) => [kind, simplified(kind)]));
  const some = (pattern: RegExp): boolean => [...simple.values()].some((kind) => pattern.test(kind));
  const pair = ABBREVIATED.find(([sales]) => some(sales));
  const [arePaid, areTickets, areSold] = [some(PAID_AT_ONCE), some(ONE_WAY), some(SALE_ALONE)];
  const isCredit = (kind: string): boolean => {
    if ((arePaid && ON_CREDIT.test(kind)) || (areTickets && kind === "return")) return false;
    // Of points, or of a course.
    if (kind === "credits") return areSold;
    return CREDIT.test(kind) || pair?.[1].test(kind) === true;
  };
  return new Set(kinds.filter((kind) => isCredit(simple.get(kind)!)));
}

/** Whether some of these values are kinds of documents by their names. */
export const areKinds = (values: readonly string[]): boolean =>
  creditsAmong(values).size > 0 || values.some((value) => SALE_ALONE.test(simplified(value)));

/** Of a column whose name says nothing, only these words are kinds of documents, and only where both are in it. */
const CREDIT_ALONE =
  /^(?:(?:sales|customer)?(?:returns?|returned|refunds?|refunded|credit(?:note|memo|invoice|nota|factuur))|gutschrift|storno|retoure|rucknahme|avoir|retour|rembours.*|abono|(?:factura)?rectificativa|devoluc.*|devuelto|reso|nota(?:di|de)?credito|(?:faktura)?korygujaca|korekta.*|zwrot|ruckgabe|ruckerstattung|erstattung|teruggave|palautus|vratka|iade|reembolso|rimborso|retur|kredit(?:nota|faktura))$/;
const SALE_ALONE =
  /^(?:sales?|sold|buy|purchase|order|invoice|bought|verkauf|rechnung|auftrag|bestellung|facture|vente|vendu|commande|venta|vendid|factura|pedido|vendita|vendut|fattura|ordine|verkoop|verkocht|factuur|faktura|sprzedaz|forsaljning|salg|venda|myynti|prodej|satis)/;
/** What is given for what comes back; such lines may be either. */
const EXCHANGE =
  /^(?:exchanged?|exchanges|swap|umtausch|echange|cambio|scambio|ruil|ruiling|omruiling|wymiana|bytte?|troca|vymena)$/;

/** Of some values those that are exchanges, beside sales. */
export const exchangesAmong = (values: readonly string[]): string[] =>
  values.some((value) => SALE_ALONE.test(simplified(value)))
    ? values.filter((value) => EXCHANGE.test(simplified(value)))
    : [];

/** Whether values are kinds of documents whatever their column is called. */
export function tellsAlone(values: readonly string[]): boolean {
  const kinds = values.map(simplified);
  const credits = kinds.filter((kind) => CREDIT_ALONE.test(kind));
  return credits.length > 0 && kinds.some((kind) => SALE_ALONE.test(kind) && !credits.includes(kind));
}
