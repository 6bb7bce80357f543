import { expect, test } from "@jest/globals";
import { mapColumns } from "@keyspaces-segmentation/invoice-files/dist/columns/map_columns.js";
import { readFile } from "./support/read_file.js";

/** A header as a program writes it, and which of its columns are meant: invoice, stock code, quantity, date, price or amount, customer. */
const HEADERS: readonly (readonly [program: string, header: string, meant: string])[] = [
  [
    "Shopware 6",
    "orderNumber,orderDateTime,orderCustomer.customerNumber,orderCustomer.email,lineItems.payload.productNumber,lineItems.label,lineItems.quantity,lineItems.unitPrice,lineItems.totalPrice,stateMachineState.name",
    "orderNumber,lineItems.payload.productNumber,lineItems.quantity,orderDateTime,lineItems.unitPrice,orderCustomer.customerNumber",
  ],
  [
    "JTL-Wawi",
    "Auftragsnummer,Rechnungsnummer,Erstelldatum,Kundennummer,E-Mail,Artikelnummer,Artikelname,Menge,VK Netto,VK Brutto,Gesamt Netto,Währung,Storniert",
    "Rechnungsnummer,Artikelnummer,Menge,Erstelldatum,VK Netto,Kundennummer",
  ],
  [
    "Billbee",
    "Bestellnummer,Rechnungsnummer,Bestelldatum,Status,Kunde Nummer,Kunde Email,Artikel SKU,Artikel Titel,Artikel Anzahl,Artikel Gesamtpreis Brutto",
    "Rechnungsnummer,Artikel SKU,Artikel Anzahl,Bestelldatum,Artikel Gesamtpreis Brutto,Kunde Nummer",
  ],
  [
    "Stripe's invoices",
    "Invoice ID,Invoice Number,Invoice Line Item ID,Line Item Description,Quantity,Unit Amount,Amount,Currency,Invoice Date (UTC),Customer ID,Customer Email",
    "Invoice ID,,Quantity,Invoice Date (UTC),Unit Amount,Customer ID",
  ],
  [
    "Ecwid",
    "order_number,email,order_placement_date,payment_status,name,sku,quantity,price,total",
    "order_number,sku,quantity,order_placement_date,price,email",
  ],
  [
    "OpenCart",
    "Order ID,Customer,Date Added,Product,Model,Quantity,Unit Price,Total",
    "Order ID,Model,Quantity,Date Added,Unit Price,Customer",
  ],
  [
    "Zettle",
    "Datum,Kvittonummer,Produkt,SKU,Antal,Pris (SEK),Slutpris (SEK),Kund",
    "Kvittonummer,SKU,Antal,Datum,Pris (SEK),Kund",
  ],
  [
    "Clover",
    "Line Item Date,Order Employee,Item ID,Order ID,Item Name,Item Product Code,Per Unit Quantity,Item Revenue,Total Revenue,Customer ID",
    "Order ID,Item ID,Per Unit Quantity,Line Item Date,Item Revenue,Customer ID",
  ],
  [
    "Mercado Libre",
    "# de venta,Fecha de venta,Unidades,SKU,Título de la publicación,Precio unitario de venta de la publicación (ARS),Total (ARS),Comprador",
    "# de venta,SKU,Unidades,Fecha de venta,Precio unitario de venta de la publicación (ARS),Comprador",
  ],
  [
    "BaseLinker",
    "Nr zamówienia,Data zamówienia,Klient - login,SKU,Nazwa produktu,Ilość,Cena brutto",
    "Nr zamówienia,SKU,Ilość,Data zamówienia,Cena brutto,Klient - login",
  ],
  [
    "bol",
    "bestelnummer,besteldatum,EAN,titel,aantal,prijs,klantnummer",
    "bestelnummer,EAN,aantal,besteldatum,prijs,klantnummer",
  ],
  [
    "Kaufland",
    "id_order,ts_created_iso,id_item,title,unit_count,price,id_buyer",
    "id_order,id_item,unit_count,ts_created_iso,price,id_buyer",
  ],
  [
    "Faire",
    "Order Date,Order Number,Retailer Name,SKU,Quantity,Retail Price,Wholesale Price",
    "Order Number,SKU,Quantity,Order Date,Wholesale Price,Retailer Name",
  ],
  [
    "Sage 50",
    "Type,Account Reference,Nominal A/C Ref,Date,Reference,Details,Net Amount,Tax Code",
    "Reference,,,Date,Net Amount,Account Reference",
  ],
  [
    "Sage 100",
    "N° pièce,Type,Date,Code client,Réf. article,Désignation,Qté,PU HT,Montant HT",
    "N° pièce,Réf. article,Qté,Date,PU HT,Code client",
  ],
  [
    "a list of SAP within bars",
    ",Bill.Doc. ,Billing Date,Sold-to   ,Material  ,Billed Qty,SU,Net Value ,",
    "Bill.Doc. ,Material  ,Billed Qty,Billing Date,Net Value ,Sold-to   ",
  ],
  ["QuickBooks", ",Type,Date,Num,Memo,Name,Item,Qty,Sales Price,Amount", "Num,Item,Qty,Date,Sales Price,Name"],
  [
    "NetSuite",
    "Internal ID,Type,Document Number,Date,Name,Item,Quantity,Item Rate,Amount",
    "Document Number,Item,Quantity,Date,Item Rate,Name",
  ],
  [
    "Odoo's invoices by technical names",
    "name,invoice_date,partner_id,invoice_line_ids/product_id,invoice_line_ids/quantity,invoice_line_ids/price_unit,move_type",
    "name,invoice_line_ids/product_id,invoice_line_ids/quantity,invoice_date,invoice_line_ids/price_unit,partner_id",
  ],
  [
    "FreshBooks",
    "Client Name,Invoice #,Date Issued,Item Name,Rate,Quantity,Line Total",
    "Invoice #,,Quantity,Date Issued,Rate,Client Name",
  ],
  [
    "Exact",
    "Factuurnr.,Factuurdatum,Debiteur,Naam,Artikelcode,Aantal,Prijs,Bedrag",
    "Factuurnr.,Artikelcode,Aantal,Factuurdatum,Prijs,Debiteur",
  ],
  [
    "Fortnox",
    "Fakturanummer,Fakturadatum,Kundnummer,Artikelnummer,Levererat antal,Pris exkl. moms,Summa",
    "Fakturanummer,Artikelnummer,Levererat antal,Fakturadatum,Pris exkl. moms,Kundnummer",
  ],
  [
    "Danish",
    "Fakturanr.,Dato,Kundenr.,Varenr.,Antal,Stk. pris,Total",
    "Fakturanr.,Varenr.,Antal,Dato,Stk. pris,Kundenr.",
  ],
  [
    "Norwegian",
    "Fakturanummer,Fakturadato,Kundenr,Produktnr,Antall,Enhetspris eks. mva,Beløp",
    "Fakturanummer,Produktnr,Antall,Fakturadato,Enhetspris eks. mva,Kundenr",
  ],
  [
    "Finnish",
    "Laskun numero,Laskun pvm,Asiakasnumero,Tuotekoodi,Määrä,Yksikköhinta",
    "Laskun numero,Tuotekoodi,Määrä,Laskun pvm,Yksikköhinta,Asiakasnumero",
  ],
  [
    "Czech",
    "Číslo dokladu,Datum vystavení,Odběratel,Název položky,Množství,Jednotková cena,Celkem",
    "Číslo dokladu,,Množství,Datum vystavení,Jednotková cena,Odběratel",
  ],
  [
    "Hungarian",
    "Számlaszám,Kelt,Vevő neve,Cikkszám,Mennyiség,Nettó egységár",
    "Számlaszám,Cikkszám,Mennyiség,Kelt,Nettó egységár,Vevő neve",
  ],
  [
    "Danea",
    "Num. doc.,Data doc.,Cod. cliente,Cod. articolo,Q.tà,Prezzo netto,Importo",
    "Num. doc.,Cod. articolo,Q.tà,Data doc.,Prezzo netto,Cod. cliente",
  ],
  [
    "Bling",
    "Número da Nota,Data de emissão,Cliente,Código,Quantidade,Valor unitário,Valor total",
    "Número da Nota,Código,Quantidade,Data de emissão,Valor unitário,Cliente",
  ],
  [
    "Subiekt",
    "Numer dokumentu,Data wystawienia,Kontrahent,Symbol,Ilość,Cena netto,Wartość netto",
    "Numer dokumentu,Symbol,Ilość,Data wystawienia,Cena netto,Kontrahent",
  ],
  [
    "Vyapar",
    "Date,Invoice No./Txn No.,Party Name,Item Code,Quantity,UnitPrice,Amount",
    "Invoice No./Txn No.,Item Code,Quantity,Date,UnitPrice,Party Name",
  ],
  [
    "Dolibarr",
    "Réf. facture,Date facturation,Réf. client,Réf. produit,Qté,Prix U. HT,Total HT",
    "Réf. facture,Réf. produit,Qté,Date facturation,Prix U. HT,Réf. client",
  ],
  [
    "EBP",
    "Numéro du document,Date du document,Code client,Code article,Quantité,PV HT,Montant Net HT",
    "Numéro du document,Code article,Quantité,Date du document,PV HT,Code client",
  ],
  [
    "e-conomic",
    "Fakturanr.,Fakturadato,Kundenr.,Kundenavn,Varenr.,Beskrivelse,Antal,Enhedspris,Rabat,Linjetotal,Valuta",
    "Fakturanr.,Varenr.,Antal,Fakturadato,Enhedspris,Kundenr.",
  ],
  [
    "Procountor",
    "Laskunumero,Laskupäivä,Asiakas,Asiakasnumero,Tuotekoodi,Tuote,Määrä,Yksikkö,À-hinta,Rivisumma",
    "Laskunumero,Tuotekoodi,Määrä,Laskupäivä,À-hinta,Asiakasnumero",
  ],
  [
    "Omie",
    "Número da NF,Data de Emissão,Cliente (Nome Fantasia),Código do Produto,Descrição do Produto,Quantidade,Valor Unitário,Valor Total,Situação",
    "Número da NF,Código do Produto,Quantidade,Data de Emissão,Valor Unitário,Cliente (Nome Fantasia)",
  ],
  [
    "ERPNext",
    "Invoice,Posting Date,Customer,Item Code,Qty,Rate (GBP),Amount (GBP)",
    "Invoice,Item Code,Qty,Posting Date,Rate (GBP),Customer",
  ],
  [
    "BigQuery",
    "invoice_no,stock_code,quantity,invoice_timestamp,unit_price,customer_id",
    "invoice_no,stock_code,quantity,invoice_timestamp,unit_price,customer_id",
  ],
  [
    "Epicor",
    "InvoiceNum,InvoiceDate,CustID,PartNum,LineDesc,OurShipQty,UnitPrice,ExtPrice",
    "InvoiceNum,PartNum,OurShipQty,InvoiceDate,UnitPrice,CustID",
  ],
  [
    "plentymarkets",
    "Auftrags-ID,Auftragsdatum,Kontakt-ID,Varianten-ID,Artikelname,Menge,Preis Brutto",
    "Auftrags-ID,Varianten-ID,Menge,Auftragsdatum,Preis Brutto,Kontakt-ID",
  ],
  [
    "Shopware 5",
    "orderNumber,orderTime,customerNumber,articleNumber,quantity,price,invoiceAmount",
    "orderNumber,articleNumber,quantity,orderTime,price,customerNumber",
  ],
  [
    "a date and a time, the time first",
    "Order ID,Order Time,Order Date,SKU,Qty,Price,Customer ID",
    "Order ID,SKU,Qty,Order Date,Price,Customer ID",
  ],
  [
    "a shop that keeps its costs",
    "Invoice,SKU,Qty,Date,Unit Cost,List Price,Selling Price,Customer ID",
    "Invoice,SKU,Qty,Date,Selling Price,Customer ID",
  ],
];

test.each(HEADERS)("the columns of %s are known by their names", (_, header, meant) => {
  const names = header.split(",");
  const { positions, missing, twice } = mapColumns(names);
  const { invoice, stockCode, quantity, invoiceDate, price, amount, customerId } = positions;
  const found = [invoice, stockCode, quantity, invoiceDate, price ?? amount, customerId];
  expect(found.map((at) => (at === undefined ? "" : names[at])).join(",")).toBe(meant);
  expect([...missing, ...twice]).toEqual([]);
});

test.each([
  ["Pedido,NF", "Pedido"],
  ["Número do pedido,NFC-e", "Número do pedido"],
  ["Pedido,NF-e nº", "NF-e nº"],
  ["Pedido,Número da NFS-e", "Número da NFS-e"],
])("of %s the invoice is %s", (names, meant) => {
  const header = `${names},Data,Cliente,Código,Quantidade,Valor Unitário`.split(",");
  expect(header[mapColumns(header).positions.invoice!]).toBe(meant);
});

test("of two columns with one name either is meant where both say the same", () => {
  const names = ["Invoice", "Date", "Customer", "Date", "SKU", "Qty", "Price"];
  expect(mapColumns(names).twice).toEqual(["Date"]);
  const { twice, positions } = mapColumns(names, {}, { isSame: () => true });
  expect({ twice, at: positions.invoiceDate }).toEqual({ twice: [], at: 1 });
});

test("a price without a quantity gives way to the amount of the line, or the quantity is missed", () => {
  const of = (names: string) => mapColumns(names.split(","));
  expect(of("Invoice,Date,Customer,SKU,Pieces sold today,Price,Amount").positions).toMatchObject({ amount: 6 });
  expect(of("Invoice,Date,Customer,SKU,Pieces sold today,Price,Amount").positions.price).toBeUndefined();
  expect(of("Invoice,Date,Customer,SKU,Pieces sold today,Price,Total").missing).toEqual(["quantity"]);
  expect(of("Invoice,Date,Customer,SKU,Pieces sold today,Price").missing).toEqual(["quantity"]);
});

test.each([
  ["Invoice,SKU,Quantity,Date,Price,List price,Customer ID", "0,5.00"],
  ["Invoice,SKU,Qty Ordered,Date,Price,Qty Invoiced,Customer ID", "5.00,0"],
])("a price or quantity that is 0 in all lines gives way to no other: %s", async (header, money) => {
  const lines = [header, `1,A,2,2024-01-25,${money},7`, `2,B,3,2024-01-26,${money},8`];
  await expect(readFile("zero.csv", lines)).rejects.toThrow('no customer has a line that counts for "net"');
});

test("a number of an invoice, customer or article that is 0 in all lines gives way", async () => {
  const { customers } = await readFile("zero.csv", [
    "Invoice No,Order ID,SKU,Barcode,Quantity,Date,Price,Customer ID,Email",
    "0,1,0,400,2,2024-01-25,5.00,0,a@x.com",
    "0,2,0,500,3,2024-01-25,5.00,0,a@x.com",
  ]);
  expect(customers).toEqual(["a@x.com 0 2 25"]);
});
