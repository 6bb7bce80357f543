import { simplified } from "../columns/column_names.js";

/** Two kinds of lines, of what is sold and of what comes back; which is which depends on whose books they are of. */
interface Pair {
  readonly sale: RegExp;
  readonly back: RegExp;
}

const pair = (sale: string, back: string): Pair => ({
  sale: new RegExp(`^(?:${sale})$`),
  back: new RegExp(`^(?:${back})$`),
});

const PAIRS: readonly Pair[] = [
  pair("\\+", "-"),
  pair("\\+?1", "-1"),
  pair("plus|pos|positive|positiv|positif", "minus|neg|negative|negativ|negatif"),
  pair("s|soll", "h|haben"),
  pair("d|debe", "h|haber"),
  pair(
    "d|dr|dt|deb|debit|debits|debet|debe|debito|dare|wn",
    "c|cr|ct|kt|cred|credit|credits|haber|credito|avere|kredit|ma",
  ),
  pair(
    "out|outbound|outgoing|outgo|outward|issue|issued|dispatch|aus|ausgang|abgang|salida|saida|sortie|uscita|uit|ut|wydanie",
    "in|inbound|incoming|inward|receipt|received|ein|eingang|zugang|entrada|entree|entrata|inn|przyjecie",
  ),
  pair("s|sa|sal|sls|sale|sales|sold", "r|rt|rtn|ret|return|returns|rf|rfd|rfnd|refund|cr|crn|cn"),
  pair("i|inv|invoice", "c|cn|cr|crn|r"),
  pair("o|ord|order|p|pur|purchase", "r|rt|rtn|ret|return|rf|refund"),
  pair("v|vk|vente|venta|verkauf|vendita", "r|ret|a|av|avoir|retour|retoure|reso|d|dev"),
  pair("r|re|rg|rech", "g|gs|gu|st|s"),
];

/** "+", "−1" and "Cr." as pairs have them. */
function keyOf(text: string): string {
  const bare = text.trim().replace(/[\u2010-\u2015\u2212\ufe63\uff0d]/g, "-");
  return /^(?:\+|-|[+-]?1)$/.test(bare) ? bare : simplified(bare);
}

/** The pair that all values of a column are of, both sides of it; blanks do not matter. */
export function sidesOf(values: readonly string[]): Pair | undefined {
  const keys = values.map(keyOf).filter((key) => key !== "");
  return PAIRS.find(
    ({ sale, back }) =>
      keys.every((key) => sale.test(key) || back.test(key)) &&
      keys.some((key) => sale.test(key)) &&
      keys.some((key) => back.test(key) && !sale.test(key)),
  );
}

/**
 * The values of a column that are of the side of what comes back: that with fewer lines, as returns are, and the second of the pair where
 * there are as many. Undefined where a column has no sides.
 */
export function returnSideOf(
  kinds: ReadonlyMap<string, { readonly lines: number }>,
  { isNamed }: { isNamed: boolean },
): readonly string[] | undefined {
  const values = [...kinds.keys()].filter((kind) => kind !== "");
  const found = sidesOf(values);
  if (found === undefined) {
    return isNamed && kinds.has("") && values.length > 0 && values.every((value) => keyOf(value) === "-")
      ? values
      : undefined;
  }
  const sold = values.filter((value) => found.sale.test(keyOf(value)));
  const back = values.filter((value) => !found.sale.test(keyOf(value)));
  const linesOf = (of: readonly string[]): number => of.reduce((sum, value) => sum + kinds.get(value)!.lines, 0);
  return linesOf(sold) < linesOf(back) ? sold : back;
}

const SIDE_NAME =
  /^(?:(?:transaction|trans|trx|txn|tran|document|doc|record|line|movement|move|sale|sales|stock|entry|posting|journal|amount|qty|quantity|invoice)?(?:type|kind|sign|direction|dir|movement|move|mvt|side|flag|indicator|ind|action|operation|op|nature|event)|(?:trans|transaction|txn|trx|posting)code|transactions?|trans|trx|txn|io|inout|inorout|dc|dh|cd|sh|hs|drcr|crdr|debitcredit|debitorcredit|creditdebit|sollhaben|sr|salereturn|saleorreturn|returnflag|plusminus|factor|multiplier|kennzeichen|vorzeichen|richtung|bewegung(?:sart)?|vorgang|art|buchungsart|sens|signe|mouvement|signo|sentido|movimiento|movimento|segno|direzione|verso|richting|teken|soort|tecken|riktning|kierunek|znak|tipo|operacion|operazione)$/;

/** Whether a column is called as those are that say in which direction a line goes. */
export const isSideName = (name: string): boolean => SIDE_NAME.test(simplified(name));

/** Debit and credit are cards as well. */
const PAYMENT = /pay|card|tender|method|karte|zahl|paiement|pago|pagamento|betaal|betal/;

/** Whether a column is one of ways to pay by its name. */
export const isPaymentName = (name: string): boolean => PAYMENT.test(simplified(name));
