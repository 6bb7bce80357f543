/** What a line of an export says, as far as it is of use here. */
export type Fact =
  | "invoice"
  | "stockCode"
  | "description"
  | "quantity"
  | "invoiceDate"
  | "year"
  | "month"
  | "time"
  | "price"
  | "per"
  | "amount"
  | "credit"
  | "customerId"
  | "receiver"
  | "country"
  | "currency"
  | "type"
  | "status"
  | "cancelled";

const NEVER = "(?!)";
const NUMBER = "(?:no|nr|n|numarasi|kodu|nbr|num|number|id|code|key|ref|reference|nummer|numero|numer|kod|koodi|cislo)";
/** In front of a noun, as French, Spanish and Italian have it. */
const NUMBER_OF =
  "(?:no|nr|num|numero|numer|number|nummer|nomor|ma|id|cod|kode|code|codigo|codice|kod|cislo|ref|reference|referencia|n)(?:de|da|do|du|del|della|di|dela|la|le|d)?";

/** Behind the name of a price or an amount: its currency, and whether taxes are in it. */
const CODES = "gbp|usd|eur|chf|cad|aud|nzd|sek|nok|dkk|pln|inr|brl|jpy|czk|huf|mxn|ars";
const TAX = `(?:net|netto|gross|brutto|bruto|ht|ttc|liquido|taxexcl|taxincl|(?:ex|excl|inc|incl|exkl|inkl|eks|exc|hors|zzgl|sin|con|senza|zonder|bez)(?:tax(?:es)?|vat|gst|moms|mva|mwst|ust|btw|iva|tva|vat|dph)|${CODES})?`;

const named = (nouns: string): string => `(?:${nouns})${NUMBER}?|${NUMBER_OF}(?:${nouns})`;
const numbered = (nouns: string): string => `(?:${nouns})${NUMBER}|${NUMBER_OF}(?:${nouns})`;

/** A Brazilian invoice: without a word for its number, whether there is one, or its key. */
const NF = "nf(?:s?e|ce)?(?:no|nr|n|num|number|numero)|(?:no|nr|n|num|number|numero)(?:da|de|do)?nf(?:s?e|ce)?";

const CUSTOMER =
  "cust|customers?|clients?|buyers?|users?|members?|shoppers?|kunden?|debitor(?:en)?|debiteur(?:en)?|debtor|auftraggeb(?:er)?|(?:sell|sold|bill)to(?:party|customer)?|clientes?|klient(?:a|en)?|kontrahenta?|nabywc[ay]|partner|kunde?|comprador|klant(?:en)?|acheteur|username(?:pembeli)?|acquirente|contact|contato|contatto|kontakt|loyalty(?:card)?|invoiceaccount|cardcode|customerunique|verkandeb|clientfacture|kunag|kunnr|retailer|party|entidade|tiers|odberatele?|zakaznika?|asiakas|vevo|consumer|subscriber|visitor|guest|donor|patient|patron|passenger|musteri|cari|pelanggan|pembeli|khachhang";
const ARTICLE =
  "stock|products?|items?|articles?|artikel|material|variant(?:en)?|part|produit|producto|prodotto|articulo|articolo|artigo|produto|produktu?|towaru?|vare|vara|tuote|polozky|lineitem|itemproduct|inventory|urun|stok|barang|produk|sanpham|hang";
/** Behind what it is that a line says of its article, "Precio del producto". */
const OF_ARTICLE =
  "(?:de|del|dela|do|da|du|di)(?:producto|produto|prodotto|produit|articulo|artigo|articolo|article|item)";
const YES_OR_WHEN = "(?:at|on|date|am)?";

/**
 * Names of columns, simplified: per fact in tiers, the most telling first. Of two columns that fit, that of the better tier is
 * meant: a customer's number before an e-mail address, and that before a name.
 *
 * English, German, French, Spanish, Italian, Dutch, Portuguese, Polish, Swedish, Danish, Norwegian, some Finnish, Czech and Hungarian, and the exports of many
 * programs.
 */
export const NAMES: Readonly<Record<Fact, readonly string[]>> = {
  invoice: [
    `${named(
      "(?:sales|billing|vat|tax|account(?:ing)?)?invoices?|bill|bill(?:ing)?(?:document|doc)|rechnungs?|beleg|faktura|factures?|facturas?|fatturas?|fattura|fatura|faturas|notas?(?:fiscal)?|factuur|fakturas?|faktury|vbeln|dokladu|laskun?|szamla|szamlaszam",
    )}|${NF}`,
    `${named("(?:sales|customer|shop|web|amazon|external)?orders?|auftrags?|bestell(?:ung|ungs)?|bestel|commandes?|cmd|pedidos?|ordine|ordini|bestelling(?:en)?|zamowieni[ae]|orders|objednavky|siparis|pesanan|đonhang")}|ordername|incrementid|de(?:venta|pedido)|${numbered("orden|ordem")}`,
    named(
      "salesrecords?|(?:sales?)?transactions?|transaktions?|txn|receipts?|tickets?|documentos?|documenti|documento|documents?|dokumentu?|doc|sales?|purchases?|vouchers?|(?:kassen)?bons?|kvitto|kvittering|scontrino|recibo|recu|trx|vente|venta|venda|vendita|verkoop|penjualan|sprzedazy?|basket|cart|num|sop",
    ),
    `orden|ordem|trans(?:no|nr|num|number|id|ref)|number|nummer|numero|numer|${NUMBER_OF}piece|reference(?:no|nr|nbr|number)`,
  ],
  stockCode: [
    `(?:lineitem|product|item|variant|seller|merchant|variation|artikel)?sku(?:code|id)?|codigosku|asin|${numbered(`${ARTICLE}|art`)}|stockcode|matnr|default_?code|internalreference|cikkszam`,
    "ean|gtin|upc|barcode|isbn|model|symbol",
    "material|produkt|product|productservice|codigo",
    `(?:orderlines|invoicelines)?(?:${ARTICLE})`,
  ],
  description: [
    `(?:nombre|nome|nom|descripcion|descricao|descrizione|description)${OF_ARTICLE}|(?:${ARTICLE})(?:description|desc|adi|descr|name|title|label|bezeichnung|beschreibung|text|kurztext|titel|nom|nombre|nome|naam|navn|namn)|` +
      "(?:line)?(?:description|desc|itemdetails)|bezeichnung|beschreibung|designation|libelle|descripcion(?:del?)?(?:producto|articulo|item)?|descrizione|omschrijving|descricao(?:d[eo])?(?:produto|item)?|concepto|nazwa(?:produktu|towaru)?|nazev(?:polozky)?|benamning|beskrivelse|kuvaus|megnevezes|artikelnamn|materialkurztext|arktx|title|label|positionsname|menuitem",
    // After the tiers in which an article may be its code.
    NEVER,
    NEVER,
    NEVER,
    `(?:orderlines|invoicelines)?(?:${ARTICLE})`,
  ],
  quantity: [
    "(?:lineitem|item|order|ordered|product|invoiced|billed|sales|total|perunit)?(?:quantity|qty)(?:sold|purchased|ordered|invoiced|shipped|billed|refund)?|units?(?:sold|ordered|count)?|netitemssold|pieces|pcs|stk|uds?|unids?|" +
      `(?:fakturierte|fakt|bestellte|verkaufte|gelieferte)?menge|stuck(?:zahl)?|(?:artikel|positions)?anzahl|(?:quantites?|qtes?)(?:facturees?|commandees?|vendues?|livrees?)?|(?:cantidad|quantidade|quantita|quantite)${OF_ARTICLE}|cantidad(?:pedida|vendida|facturada)?|cant|unidades|quantita|qta|aantal|hoeveelheid|quantidade(?:vendida|pedida|faturada)?|qtde?|ilosc|(?:levererat|leveret)?antall?|maara|mnozstvi|mennyiseg|fkimg|productuomqty|deliveredquantity`,
    // Whatever stands before it, unless it is of what came back or is in stock.
    "(?!.*(?:return|refund|cancel|stock|hand|avail|back|min|max|open|remain|missing))[a-z]{1,12}(?:qty|quantity)",
    // Words that elsewhere are a sum or a pack.
    "miktari?|adet|jumlah(?:barang|produk|terjual|dibeli|beli)?|kuantitas|soluong|(?:artikel|positions)?anz",
  ],
  invoiceDate: [
    "(?:invoice|bill|billing|rechnungs?|re|beleg|faktura|facture|factuur)(?:dates?|datum|dat|datetime|timestamp)|(?:invoiced|billed|issued)(?:on|at)|(?:date)?issued(?:ate)?|invoicebilldate|(?:date|fecha|data|datum)(?:de|da|del|della|di|du|dela|la)?(?:facture|facturation|factura|facturacion|fattura|fatura|rechnung|factuur|faktury|wystawienia|vystaveni)|fakturadatum|fakturadato|faturatarihi|fkdat|laskun?(?:pvm|paiva|paivamaara)|kelt",
    "(?:ordered|purchased|sold|placed)(?:on|at)|(?:order|purchase|sales?|transaction|document|posting|posted|receipt|lineitem|trx|auftrags|bestell?|buchungs|verkaufs|verkoop|erstell)(?:placement|start)?(?:dates?|datum|datetime|timestamp)|tanggal(?:pesanan|transaksi|faktur|order)|waktupesanandibuat|(?:ngay|thoigian)(?:datahang|đathang|mua|ban|hoađon)|(?:siparis|satis|alisveris|islem)tarihi|transdatetranstime|(?:date|fecha|data|datum)(?:de|da|do|del|della|di|du|dela|la|d)?(?:commande|pedido|ordine|bestelling|vente|venta|venda|vendita|order|creation|documento?|doc|emissione?|emissao|emision|sprzedazy|zamowienia)|dateorder|orderdateutc|docdate|orderpurchasetimestamp|audat|dateof(?:invoice|order|sale|purchase)|dateadd(?:ed)?|datekey|(?:kassen)?bondatum|order(?:creation|created)(?:date|time|timestamp)",
    "date|datetime|tarih|tanggal|ngay|dateandtime|timestamp|created(?:at|on|date)?(?:utc|gmt)?|tscreated(?:iso)?|date(?:created|ordered)(?:utc|gmt)?|createdutc|createddateutc|datum|dato|fecha|fechahora|data|dataora|dateheure|tag|day|soldat|orderedat|erstelltam",
    "(?:data|fecha)(?:de)?conta(?:bilizacion|bilizacao)?|(?:creat(?:e|ion|ed)|event)(?:date|time|timestamp)|completedat|paidat|payments?dates?|paiddate|processedat|transactioncreationdate|sentdate|shipdate|shipmentdate|(?:invoice|order|purchase|sales?|transaction)time|(?:trans(?:action)?|tran|t|shop(?:ping)?|order|purchase|sales?|posting)(?:date|dat|dt|ymd)",
    // What may be the number of a day, or the name of one of the week.
    "(?:order|purchase|sales?|transaction)datekey|(?:invoice|order|purchase|sales?|transaction)?day(?:ofmonth)?|dia|jour|giorno|dag|dzien|den",
  ],
  // Beside a column that has nothing but the day: see `withoutDateParts`.
  year: ["(?:invoice|order|purchase|sales?|transaction)?(?:year|yr)|jahr|annee|ano|anio|anno|jaar|rok|ar|yil"],
  month: [
    "(?:invoice|order|purchase|sales?|transaction)?(?:month|mon)|monat|mois|mes|mese|maand|miesiac|manad|maned|mesic|ay",
  ],
  time: [
    "time|uhrzeit|zeit|heure|hora|ora|tijd|erzet",
    NEVER,
    NEVER,
    NEVER,
    // After those in which it is all that there is of a date.
    "(?:invoice|order|transaction|sales?)time",
  ],
  price: [
    `(?:item|product|net|sales?|gross)?(?:unit|units)(?:net|sales?|gross)?(?:price|amount)${TAX}|priceper(?:unit|item|piece)|(?:sales?|product)priceperunit|unitsellingprice|cenazamj|price(?:unit|each)|(?:discounted|final|paid)(?:unit)?price|pricepaid|priceafterdiscount|dealprice|paidprice|purchaseppu|(?:lineitem|product)(?:unit|sales?|selling)?price|avgprice|soldfor|orderlinesunitprice|` +
      `(?:precio|preco|prezzo|prix)${OF_ARTICLE}|(?:netto|brutto)?(?:einzel|e)preis${TAX}|ep|precou(?:nit(?:ario)?|nidade)${TAX}|valorunit(?:ario)?|cenajedn(?:ostkowa)?${TAX}|jednotkovacena${TAX}|cenazakus${TAX}|apris|(?:styck|enhe[dt]s|stykk?|stk|stuck)pri[sc]${TAX}|stuckpreis|preis(?:pro|je)(?:stuck|einheit)|pu${TAX}|prixu(?:nit(?:aire)?)?${TAX}|precio(?:por)?(?:unit(?:ario)?|unidad|uds?)(?:deventa.*)?${TAX}|prezzounit(?:ario)?${TAX}|stukprijs${TAX}|prijsper(?:stuk|eenheid)|eenheidsprijs|netpr|yksikkohinta|ahinta|birimfiyati?${TAX}|hargasatuan|hargasetelahdiskon|đongia|(?:netto)?egysegar`,
    `(?:sales?|selling|sold|net|gross|item|wholesale)?price(?:each)?${TAX}|(?:netto|brutto|verkaufs|einzelverkaufs|vk)?preis${TAX}|unitprice[a-z]{1,12}|vk(?:netto|brutto)?|prix(?:devente)?${TAX}|pv(?:ht|ttc)?|precio(?:(?:de)?venta)?${TAX}|prezzo(?:divendita)?${TAX}|(?:verkoop)?prijs${TAX}|preco(?:devenda)?${TAX}|cena${TAX}|pris${TAX}|hinta|(?:item)?rate`,
    "(?:list|retail|catalog(?:ue)?|regular)price|retail",
    // What a thing costs: the shop itself, unless there is no other price.
    "(?:unit|item)costs?|purchasepriceperunit",
    "fiyati?|harga|gia",
  ],
  per: ["per|pe|preiseinheit|preiseinh|priceunit|pricingunit|kpein|peinh|unitofprice"],
  amount: [
    `(?:line|item|row|lineitem|positions?)(?:total|amount|subtotal|value|netamount|revenue)|ext(?:ended)?(?:price|amount|value)|netsales|productsales|itemsales|salesvalue|pricesubtotal|itemtotal|(?:artikel)?gesamtpreis${TAX}|positionswert|netwr|rivisumma|linjetotal|linjebelop|radsumma`,
    `(?:net)?amount${TAX}|netvalue|nettowert|nettobetrag|betrag|umsatz${TAX}|montant(?:net)?${TAX}|importe|monto|importo|bedrag|belo[bp]|revenue|turnover|grosssales|salesamount|sales|taxexclusivegross|invoiceamount|valortotal|wartosc${TAX}|tutari?|thanhtien`,
    "gross|net|brutto|netto",
    // Of the whole order more often than not.
    `(?:order|invoice|sub|amount)?total${TAX}|total(?:factura|fattura|facture|documento)${TAX}|total(?:price|amount|value|sales|revenue|sum)${TAX}|summa|suma|kwota${TAX}|celkem|gesamt${TAX}|totaal|totale|montanttotal|toplam(?:tutar)?${TAX}|montototal|(?:total|valor|monto|montant)(?:de|da|do|del|della|di|du|dela|la)?(?:pedido|venda|venta|vente|vendita|commande|orden|ordine|ordem)${TAX}`,
    `(?:order|orders|trans(?:action)?|tran|purchase|payment|paid|subtotal|spent|spend|basket)(?:amount|amt|value|sum|total)${TAX}|(?:amount|total)(?:paid|spent)|tot(?:sales|amount|amt|value)|spend|amt`,
  ],
  // Of two columns, debit and credit, which belong together: see `sidesIn`.
  credit: [NEVER],
  customerId: [
    `${numbered(`${CUSTOMER}|kd`)}|(?:${CUSTOMER})(?:uuid|guid|hash|pseudoid)|(?:customer|kunden?|bp|businesspartner)(?:vendor|lieferanten?)(?:code|no|nr|number|nummer)|debitoren?konto`,
    `${CUSTOMER}|payer|regulierer|partner|kundenkonto|customeraccount|account(?:number|id|ref(?:erence)?)|householdid|householdkey|cardid`,
    `(?:${CUSTOMER}|accountuser|purchaser|billing|shipping|contact|order|kontakt|from|sender|absender|payer)?(?:e?mail)(?:adress(?:e)?|address|billing|shipping)?|courriel|correo(?:electronico)?|indirizzoemail|purchaseemail`,
    `(?:${CUSTOMER}|billing|buyer|company|shipping)(?:full|user)?(?:login|name|adi|unvani?|nom|nombre|nome|naam|navn|namn|neve|nomefantasia|razaosocial)|(?:nom|nombre|nome|naam|nama|intitule)(?:du|del|de|do|della|di)?(?:${CUSTOMER})|bill(?:ed)?to|ship(?:ped)?to(?:name)?|billtoname|shipname|tabname|accountname|phone|customerphone|telefon|particulars|colastname`,
    // Of what was paid with, of which one customer has several.
    "(?:cc|card)(?:no|nr|num|number)",
  ],
  // In a list of payments, beside who has paid.
  receiver: [
    "(?:to|receiver|recipient|payee|empfanger|destinataire|destinatario)(?:e?mail)(?:adress(?:e)?|address)?|(?:an|a|al|de)emailadresse|al?adresseemail(?:dudestinataire)?",
  ],
  country: [
    "(?:customer|billing|invoice|buyer|kunden|rechnungs)?(?:country|land|pays|pais|paese|nazione)(?:code|region|name|billing)*|countrycodebilling|land1|landcode|lkz|landerkennung|landerkennzeichen|landeskurzel|kraj|ulke",
    "(?:ship|shipping|delivery|liefer)(?:to)?(?:country|land)(?:code)?|countrycodeshipping|countryregion|market|marketplace",
  ],
  currency: [
    "(?:invoice|order|document|presentment|transaction)?currency(?:code)?|wahrung|waehrung|devise|moneda|moeda|divisa|valuta|waluta|mena|waerk|waers",
  ],
  type: [
    "(?:transaction|document|doc|event|record|billing|bill|invoice|order|line|sale|receipt|voucher|move|movement|entry|beleg|faktura|dokument|buchungs)?(?:types?|kind)|(?:transaktions|beleg|faktura|dokument|rechnungs|buchungs|auftrags)(?:art|typ)|soptype|typ|soort|rodzaj(?:dokumentu)?|natureza|tipo(?:de|di)?(?:documento)?|type(?:de)?(?:document|piece|facture)|fkart",
    "sollhaben(?:kennzeichen|kz)?|shkzg|debitcredit(?:indicator|code)?|debitorcredit|dc|drcr|crdr",
    "(?:is)?(?:return|refund|credit|creditnote|creditmemo)|isre(?:turned|funded)|(?:return|refund|credit)(?:flag|ind|indicator)|gutschrift|avoir|retoure|kredit(?:nota|faktura|ering)|devolucao|devolucion|reso|retur|zwrot|korekta",
  ],
  status: [
    "financialstatus|(?:siparis)?durumu?|статус(?:заказа)?|(?:订单)?状态|ステータス|fulfil?lmentstatus|zustand|belegstatus|docst(?:atus|ate)|paymentst(?:atus|ate)|(?:order|item|sales?)st(?:atus|ate)|status(?:zamowienia)?|(?:auftrags|bestell|zahlungs|rechnungs|order)status|statut(?:de)?(?:la)?(?:commande|paiement)?|estado(?:del?)?(?:pedido|pago)?|stato(?:ordine|pagamento)?|situacao|etat(?:de)?(?:la)?(?:commande)?|statemachinestatename",
    "(?:transaction|invoice|document|delivery|shipping|shipment|courier|returns?|refund|liefer|versand)st(?:atus|ate)",
  ],
  cancelled: [
    `(?:is|was)?(?:cancell?ed|void|voided|deleted)${YES_OR_WHEN}|(?:is)?test(?:order|transaction|mode)?|mode|environment|(?:is)?draft|cancell?ation(?:date)?|storniert${YES_OR_WHEN}|storno(?:datum)?|annulee?|anulad[oa]|annullat[oa]|geannuleerd|anulowan[aeoy]|makulera[dt]|annullere[td]|kansellert|kreditert|mitatoity|peruttu|stornovan[aoy]|zrusen[aoy]|sztornozva|iptal(?:edildi)?`,
    `(?:was|fully)?(?:refunded|returned)${YES_OR_WHEN}|fullyrefunded|chargeback|erstattet(?:am)?|retourniert|rembourse[es]?`,
    "cancel(?:l?ed|l?ation)?reason|cancell?edby|stornogrund",
  ],
};
