/** What a line of an export says, as far as it is of use here. */
export type Fact =
  | "invoice"
  | "stockCode"
  | "description"
  | "quantity"
  | "invoiceDate"
  | "time"
  | "price"
  | "amount"
  | "customerId"
  | "country"
  | "currency"
  | "type"
  | "status";

/** Each fact in words, and in the order in which tables show them. */
export const FACT_WORDS: Readonly<Record<Fact, string>> = {
  invoice: "invoice number",
  stockCode: "stock code",
  description: "description",
  quantity: "quantity",
  invoiceDate: "date of the invoice",
  time: "time of the invoice",
  price: "price of one piece",
  amount: "amount of the line",
  customerId: "customer",
  country: "country",
  currency: "currency",
  type: "kind of document",
  status: "state of the order",
};

/** "Rechnungs-Nr.", "N° de facture", "Invoice\u200b": what is left are letters and digits, without accents. */
export const simplified = (name: string): string =>
  name
    .toLowerCase()
    .replaceAll("ß", "ss")
    .replaceAll("ł", "l")
    .replaceAll("ø", "o")
    .normalize("NFKD")
    .replaceAll(/[^\p{L}\p{N}]/gu, "");

const NEVER = "(?!)";
const NUMBER = "(?:no|nr|n|num|number|id|code|key|ref|reference|nummer|numero|numer|kod)";
/** In front of a noun, as French, Spanish and Italian have it. */
const NUMBER_OF =
  "(?:no|nr|num|numero|numer|number|nummer|id|cod|code|codigo|codice|kod|ref|reference|referencia|n)(?:de|da|do|du|del|della|di|dela|la|le|d)?";

/** Behind the name of a price. */
const CODES = "gbp|usd|eur|chf|cad|aud|nzd|sek|nok|dkk|pln|inr|brl|jpy";

const named = (nouns: string): string => `(?:${nouns})${NUMBER}?|${NUMBER_OF}(?:${nouns})`;
const numbered = (nouns: string): string => `(?:${nouns})${NUMBER}|${NUMBER_OF}(?:${nouns})`;

const CUSTOMER =
  "cust|customers?|clients?|buyers?|users?|members?|shoppers?|kunden?|debitor(?:en)?|auftraggeb(?:er)?|(?:sell|sold|bill)to(?:party|customer)?|clientes?|klient(?:a|en)?|kontrahenta?|partner|kunde?|comprador|klant(?:en)?|acheteur|username|acquirente|contact|loyalty(?:card)?|kunag|kunnr";
const ARTICLE =
  "stock|products?|items?|articles?|artikel|material|variant|produit|producto|prodotto|articulo|articolo|produto|produktu?|towaru?|vare|vara|lineitem";

/**
 * Names of columns, simplified: per fact in tiers, the most telling first. Of two columns that fit, that of the better tier is
 * meant: a customer's number before an e-mail address, and that before a name.
 *
 * English, German, French, Spanish, Italian, Dutch, Portuguese, Polish and Swedish, and the exports of Shopify, WooCommerce, Stripe, Square, Amazon, SAP and Odoo.
 */
const NAMES: Readonly<Record<Fact, readonly string[]>> = {
  invoice: [
    named(
      "(?:sales|billing|vat|tax|account(?:ing)?)?invoices?|bill|billing(?:document|doc)|rechnungs?|beleg|faktura|factures?|facturas?|fatturas?|fattura|fatura|faturas|notafiscal|factuur|fakturas?|faktury|vbeln",
    ),
    `${named("(?:sales|purchase|customer|shop|web|amazon|external)?orders?|auftrags?|bestell(?:ung|ungs)?|commandes?|pedidos?|ordine|ordini|bestelling(?:en)?|orders")}|ordername|incrementid`,
    named(
      "salesrecords?|(?:sales?)?transactions?|receipts?|tickets?|documentos?|documenti|documento|documents?|sales?|purchases?|vouchers?|(?:kassen)?bons?|scontrino|recibo|recu|vente|venta|vendita|verkoop|basket|cart|num",
    ),
    "number|nummer|numero|numer",
  ],
  stockCode: [
    `(?:lineitem|product|item|variant|seller|merchant|variation)?sku|asin|${numbered(`${ARTICLE}|art`)}|stockcode|matnr|default_?code|internalreference`,
    "ean|gtin|upc|barcode|isbn",
    "material|produkt|product",
    `(?:orderlines|invoicelines)?(?:${ARTICLE})`,
  ],
  description: [
    `(?:${ARTICLE})(?:description|desc|name|title|bezeichnung|beschreibung|text|kurztext|titel|nom|nombre|nome|naam)|` +
      "description|desc|itemdetails|bezeichnung|beschreibung|designation|libelle|descripcion|descrizione|omschrijving|descricao|nazwa(?:produktu|towaru)?|benamning|beskrivelse|artikelnamn|materialkurztext|arktx|title|label",
    // After the tiers in which an article may be its code.
    NEVER,
    NEVER,
    NEVER,
    `(?:orderlines|invoicelines)?(?:${ARTICLE})`,
  ],
  quantity: [
    "(?:lineitem|item|order|ordered|product|invoiced|billed|sales|total)?(?:quantity|qty)(?:sold|purchased|ordered|invoiced|shipped|billed|refund)?|units?(?:sold|ordered)?|pieces|pcs|stk|uds?|unids?|" +
      "(?:fakturierte|fakt|bestellte|verkaufte|gelieferte)?menge|stuck(?:zahl)?|anzahl|(?:quantites?|qtes?)(?:facturees?|commandees?|vendues?|livrees?)?|cantidad(?:pedida|vendida|facturada)?|cant|unidades|quantita|qta|aantal|hoeveelheid|quantidade|qtde?|ilosc|antal|antall|fkimg|productuomqty|deliveredquantity",
  ],
  invoiceDate: [
    "(?:invoice|bill|billing|rechnungs?|re|beleg|faktura|facture|factuur)(?:dates?|datum|dat|time|datetime)|(?:invoiced|billed)(?:on|at)|invoicebilldate|(?:date|fecha|data|datum)(?:de|da|del|della|di|du|dela|la)?(?:facture|factura|facturacion|fattura|fatura|rechnung|factuur|faktury|wystawienia)|fakturadatum|fakturadato|fkdat",
    "(?:ordered|purchased|sold|placed)(?:on|at)|(?:order|purchase|sales?|transaction|document|posting|receipt|auftrags|bestell|buchungs|verkaufs|verkoop)(?:dates?|datum|datetime|time|timestamp)|(?:date|fecha|data|datum)(?:de|da|do|del|della|di|du|dela|la)?(?:commande|pedido|ordine|bestelling|vente|venta|venda|vendita|order|creation|documento?|doc|emissione|emissao|emision|sprzedazy)|dateorder|orderdateutc|audat|dateof(?:invoice|order|sale|purchase)|dateadd",
    "date|datetime|dateandtime|timestamp|created(?:at|on|date)?(?:utc|gmt)?|date(?:created|ordered)(?:utc|gmt)?|createdutc|createddateutc|datum|fecha|fechahora|data|dataora|dateheure|tag|day|soldat|orderedat",
    "paidat|payments?dates?|paiddate|processedat|shipdate|shipmentdate",
  ],
  time: ["(?:invoice|order|transaction|sales?)?time|uhrzeit|zeit|heure|hora|ora|tijd|erzet"],
  price: [
    `(?:item|product|net|sales?|gross)?(?:unit|units)(?:net|sales?|gross)?(?:price|cost|amount)(?:net|gross|taxexcl|taxincl|(?:ex|excl|inc|incl)(?:tax|vat)|${CODES})?|priceper(?:unit|item|piece)|price(?:unit|each)|lineitemprice|soldfor|itemcost|orderlinesunitprice|` +
      "(?:netto|brutto)?(?:einzel|e)preis(?:netto|brutto)?|ep|precounit(?:ario)?|cenajedn(?:ostkowa)?(?:netto|brutto)?|apris|styckpris|enhetspris|stykpris|stuckpreis|preis(?:pro|je)(?:stuck|einheit)|pu|prixunit(?:aire)?(?:ht|ttc)?|puht|precio(?:por)?(?:unit(?:ario)?|unidad|uds?)|prezzounit(?:ario)?|stukprijs|prijsper(?:stuk|eenheid)|eenheidsprijs|netpr",
    `(?:sales?|selling|net|gross|list|retail|item|product)?price(?:net|gross|taxexcl|taxincl|(?:ex|excl|inc|incl)(?:tax|vat)|${CODES}|each)?|(?:netto|brutto|verkaufs|vk)?preis(?:netto|brutto|${CODES})?|vk|prix(?:ht|ttc|devente)?|precio(?:deventa)?|prezzo(?:divendita)?|(?:verkoop)?prijs|preco(?:devenda)?|cena(?:netto|brutto)?|pris|(?:item)?rate`,
    "retail",
  ],
  amount: [
    "(?:line|item|row|positions?)(?:total|amount|subtotal|value|netamount)|extended(?:price|amount|value)|netsales|salesvalue|pricesubtotal|itemtotal|gesamtpreis|positionswert|netwr",
    "(?:net)?amount|netvalue|nettowert|nettobetrag|betrag|umsatz|montant(?:ht)?|importe|importo|bedrag|revenue|turnover|grosssales|salesamount|sales",
    "gross|net",
  ],
  customerId: [
    numbered(`${CUSTOMER}|kd`),
    `${CUSTOMER}|payer|regulierer|partner|kundenkonto|customeraccount|accountnumber|accountid|householdid|householdkey`,
    `(?:${CUSTOMER}|billing|shipping|contact|order|kontakt|from)?(?:e?mail)(?:adress(?:e)?|address|billing|shipping)?|courriel|correo(?:electronico)?|indirizzoemail`,
    `(?:${CUSTOMER}|billing|buyer|company|shipping)(?:full|user)?(?:name|nom|nombre|nome|naam)|(?:nom|nombre|nome|naam)(?:du|del|de|della|di)?(?:${CUSTOMER})|bill(?:ed)?to|phone|customerphone|telefon`,
  ],
  country: [
    "(?:customer|billing|invoice|buyer|kunden|rechnungs)?(?:country|land|pays|pais|paese|nazione)(?:code|region|name|billing)*|countrycodebilling|land1|landcode|lkz|landerkennung|landerkennzeichen|landeskurzel",
    "(?:ship|shipping|delivery|liefer)(?:to)?(?:country|land)(?:code)?|countrycodeshipping|countryregion|market|marketplace",
  ],
  currency: [
    "(?:invoice|order|document|presentment|transaction)?currency(?:code)?|wahrung|waehrung|devise|moneda|divisa|valuta|waerk|waers",
  ],
  type: [
    "(?:transaction|document|doc|event|record|invoice|order|line|sale|beleg|faktura|dokument|buchungs)?types?|(?:transaktions|beleg|faktura|dokument|rechnungs|buchungs)(?:art|typ)|typ|tipo(?:de|di)?(?:documento)?|typede(?:document|piece)|fkart|movetype",
    "sollhaben(?:kennzeichen|kz)?|shkzg|debitcredit(?:indicator|code)?|debitorcredit|dc|drcr|crdr",
    "(?:is|was)?(?:return|returned|refund|refunded|credit|creditnote|creditmemo)|gutschrift|avoir|retoure",
  ],
  status: [
    "financialstatus|paymentst(?:atus|ate)|(?:order|item|sales?)st(?:atus|ate)|status(?:zamowienia)?|(?:auftrags|bestell|zahlungs|rechnungs|order)status|statut(?:de)?(?:la)?(?:commande|paiement)?|estado(?:del?)?(?:pedido|pago)?|stato(?:ordine|pagamento)?|situacao",
    "(?:transaction|invoice|document)status",
    "(?:is|was)?(?:cancell?ed|void|voided|deleted)|storniert|annulee?|anulad[oa]|annullat[oa]|geannuleerd|anulowan[aeoy]",
  ],
};

const TIERS = Object.fromEntries(
  Object.entries(NAMES).map(([fact, tiers]) => [fact, tiers.map((names) => new RegExp(`^(?:${names})$`))]),
) as unknown as Readonly<Record<Fact, readonly RegExp[]>>;

/** Longer text is no name of a column. */
const LONGEST = 60;
/** Tiers that were looked up, by fact and name: a header is looked at several times. */
const KNOWN = new Map<string, number | null>();
const MOST_KNOWN = 10_000;

/** How well a column's name fits a fact: 0 best, higher worse; null not at all. "Order Lines/Quantity" is also looked at as "Quantity". */
export function tierOf(fact: Fact, name: string): number | null {
  const key = `${fact} ${name}`;
  let tier = KNOWN.get(key);
  if (tier === undefined) {
    if (KNOWN.size >= MOST_KNOWN) KNOWN.clear();
    tier = tierOfName(fact, name);
    KNOWN.set(key, tier);
  }
  return tier;
}

function tierOfName(fact: Fact, name: string): number | null {
  for (const part of [name, name.slice(name.lastIndexOf("/") + 1)]) {
    const simple = simplified(part);
    const tier = simple === "" || simple.length > LONGEST ? -1 : TIERS[fact].findIndex((names) => names.test(simple));
    if (tier >= 0) return tier;
  }
  return null;
}
