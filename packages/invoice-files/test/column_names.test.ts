import { expect, test } from "@jest/globals";
import { mapColumns } from "@keyspaces-segmentation/invoice-files/dist/columns/map_columns.js";

/** A header as a program writes it, and what its columns are: invoice, stock code, quantity, date, price or amount, customer, country. */
const HEADERS: readonly (readonly [program: string, header: string, meant: string])[] = [
  [
    "Online Retail",
    "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country",
    "InvoiceNo,StockCode,Quantity,InvoiceDate,UnitPrice,CustomerID,Country",
  ],
  [
    "Online Retail II",
    "Invoice,StockCode,Description,Quantity,InvoiceDate,Price,Customer ID,Country",
    "Invoice,StockCode,Quantity,InvoiceDate,Price,Customer ID,Country",
  ],
  [
    "Shopify",
    "Name,Email,Financial Status,Paid at,Currency,Subtotal,Shipping,Taxes,Total,Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Billing Name,Billing Country,Id",
    "Name,Lineitem sku,Lineitem quantity,Created at,Lineitem price,Email,Billing Country",
  ],
  [
    "WooCommerce",
    "Order Number,Order Status,Order Date,Customer Note,First Name (Billing),Email (Billing),Country Code (Billing),Order Total Amount,SKU,Item #,Item Name,Quantity (- Refund),Item Cost",
    "Order Number,SKU,Quantity (- Refund),Order Date,Item Cost,Email (Billing),Country Code (Billing)",
  ],
  [
    "Stripe",
    "id,Created (UTC),Amount,Amount Refunded,Currency,Customer ID,Customer Email,Description,Status",
    "id,,,Created (UTC),Amount,Customer ID,",
  ],
  [
    "Square",
    "Date,Time,Time Zone,Category,Item,Qty,Price Point Name,SKU,Gross Sales,Discounts,Net Sales,Tax,Transaction ID,Payment ID,Event Type,Location,Customer ID,Customer Name",
    "Transaction ID,SKU,Qty,Date,Net Sales,Customer ID,",
  ],
  [
    "Amazon",
    "order-id,order-item-id,purchase-date,payments-date,buyer-email,buyer-name,sku,product-name,quantity-purchased,currency,item-price,item-tax,ship-country",
    "order-id,sku,quantity-purchased,purchase-date,item-price,buyer-email,ship-country",
  ],
  [
    "SAP",
    "Billing Document,Item,Material,Material Description,Billed Quantity,Billing Date,Net Price,Sold-To Party,Country",
    "Billing Document,Material,Billed Quantity,Billing Date,Net Price,Sold-To Party,Country",
  ],
  [
    "SAP's tables",
    "VBELN,POSNR,MATNR,ARKTX,FKIMG,FKDAT,NETWR,WAERK,KUNAG,LAND1",
    "VBELN,MATNR,FKIMG,FKDAT,NETWR,KUNAG,LAND1",
  ],
  [
    "Odoo",
    "Order Reference,Order Date,Customer,Order Lines/Product,Order Lines/Quantity,Order Lines/Unit Price,Customer/Country",
    "Order Reference,Order Lines/Product,Order Lines/Quantity,Order Date,Order Lines/Unit Price,Customer,Customer/Country",
  ],
  [
    "Magento",
    "Order #,Purchased On,Customer Email,SKU,Product Name,Qty Ordered,Original Price,Price,Row Total",
    "Order #,SKU,Qty Ordered,Purchased On,Price,Customer Email,",
  ],
  [
    "Lightspeed",
    "Sale ID,Date,Customer,Description,Item,Qty,Retail,Discount,Subtotal,Total",
    "Sale ID,Item,Qty,Date,Retail,Customer,",
  ],
  [
    "Odoo's invoices",
    "Number,Invoice/Bill Date,Partner/ID,Invoice lines/Product/Internal Reference,Invoice lines/Quantity,Invoice lines/Unit Price",
    "Number,Invoice lines/Product/Internal Reference,Invoice lines/Quantity,Invoice/Bill Date,Invoice lines/Unit Price,Partner/ID,",
  ],
  [
    "a list of SAP",
    "Faktura   ,Fakturadat,Auftraggeb,Material,Fakt. Menge,Nettopreis",
    "Faktura   ,Material,Fakt. Menge,Fakturadat,Nettopreis,Auftraggeb,",
  ],
  [
    "French, abbreviated",
    "Facture n°,Réf. article,Quantité facturée,Date facture,P.U. HT,Code client,Pays de facturation",
    "Facture n°,Réf. article,Quantité facturée,Date facture,P.U. HT,Code client,",
  ],
  [
    "Spanish, abbreviated",
    "Número de pedido,Referencia,Producto,Uds.,Fecha de pedido,Precio ud.,ID de cliente,País",
    "Número de pedido,Producto,Uds.,Fecha de pedido,Precio ud.,ID de cliente,País",
  ],
  [
    "Polish, abbreviated",
    "Nr faktury,Kod towaru,Ilość,Data sprzedaży,Cena jedn. netto,Nr kontrahenta",
    "Nr faktury,Kod towaru,Ilość,Data sprzedaży,Cena jedn. netto,Nr kontrahenta,",
  ],
  [
    "Brazilian",
    "Nota Fiscal,Cód. Produto,Qtde.,Data de Emissão,Preço Unit.,Cód. Cliente",
    "Nota Fiscal,Cód. Produto,Qtde.,Data de Emissão,Preço Unit.,Cód. Cliente,",
  ],
  [
    "German, abbreviated",
    "Beleg-Nr.,Art.-Nr.,Menge,Beleg-Dat.,Einzelpreis netto,Kd.-Nr.",
    "Beleg-Nr.,Art.-Nr.,Menge,Beleg-Dat.,Einzelpreis netto,Kd.-Nr.,",
  ],
  ["Austrian", "RechnungsNr,ArtNr,Stk.,RE-Datum,E-Preis,KdNr,LKZ", "RechnungsNr,ArtNr,Stk.,RE-Datum,E-Preis,KdNr,LKZ"],
  [
    "Swiss",
    "Rechnung,Artikel-Nr,Anzahl,Datum,Preis CHF,Kunde,Land",
    "Rechnung,Artikel-Nr,Anzahl,Datum,Preis CHF,Kunde,Land",
  ],
  [
    "German",
    "Rechnungs-Nr.,Artikel-Nr.,Artikelbezeichnung,Anzahl,Rechnungsdatum,Preis (netto),Kunden-Nr.,Land",
    "Rechnungs-Nr.,Artikel-Nr.,Anzahl,Rechnungsdatum,Preis (netto),Kunden-Nr.,Land",
  ],
  [
    "German, of a shop",
    "Bestellnummer,Artikel,Stückzahl,Bestelldatum,Stückpreis,Kunden-ID,Länderkennung",
    "Bestellnummer,Artikel,Stückzahl,Bestelldatum,Stückpreis,Kunden-ID,Länderkennung",
  ],
  [
    "French",
    "N° facture,Réf. article,Désignation,Quantité,Date facture,Prix unitaire HT,N° client,Pays",
    "N° facture,Réf. article,Quantité,Date facture,Prix unitaire HT,N° client,Pays",
  ],
  [
    "Spanish",
    "Número de factura,Código artículo,Descripción,Cantidad,Fecha factura,Precio unitario,Código cliente,País",
    "Número de factura,Código artículo,Cantidad,Fecha factura,Precio unitario,Código cliente,País",
  ],
  [
    "Italian",
    "Numero fattura,Codice articolo,Descrizione,Quantità,Data fattura,Prezzo unitario,Codice cliente,Paese",
    "Numero fattura,Codice articolo,Quantità,Data fattura,Prezzo unitario,Codice cliente,Paese",
  ],
  [
    "Dutch",
    "Factuurnummer,Artikelnummer,Omschrijving,Aantal,Factuurdatum,Stukprijs,Klantnummer,Land",
    "Factuurnummer,Artikelnummer,Aantal,Factuurdatum,Stukprijs,Klantnummer,Land",
  ],
  [
    "a warehouse",
    "invoice_id,product_id,product_name,qty,order_date,unit_price,customer_key,country_name",
    "invoice_id,product_id,qty,order_date,unit_price,customer_key,country_name",
  ],
  [
    "one with what is not seen",
    "\u200bInvoice No.,Stock\u00a0Code,Description,QUANTITY,Invoice-Date,Unit Price\ufeff,Customer-ID,Country",
    "\u200bInvoice No.,Stock\u00a0Code,QUANTITY,Invoice-Date,Unit Price\ufeff,Customer-ID,Country",
  ],
];

test.each(HEADERS)("the columns of %s are known by their names", (_, header, meant) => {
  const names = header.split(",");
  const { positions, missing, twice } = mapColumns(names);
  const { invoice, stockCode, quantity, invoiceDate, price, amount, customerId, country } = positions;
  const found = [invoice, stockCode, quantity, invoiceDate, price ?? amount, customerId, country];
  expect(found.map((at) => (at === undefined ? "" : names[at])).join(",")).toBe(meant);
  expect([...missing, ...twice]).toEqual([]);
});

test("columns that are given win over their names, and a name that is not there is refused with those that are", () => {
  const names = ["Invoice", "Code", "Quantity", "InvoiceDate", "Price", "Net", "Customer ID"];
  expect(mapColumns(names, { price: "Net" }).positions.price).toBe(5);
  expect(() => mapColumns(names, { price: "Nett" })).toThrow(
    "Expected `columns` to be names of columns that the file has (Invoice, Code, Quantity, InvoiceDate, Price, Net, Customer ID), got",
  );
});

test("columns that lines cannot do without are named, and of two with one name is said that they are", () => {
  expect(mapColumns(["Invoice", "Quantity", "Notes"]).missing).toEqual(["invoiceDate", "price", "customerId"]);
  expect(mapColumns(["Invoice", "Quantity", "Quantity", "Date", "Price", "Customer"]).twice).toEqual(["Quantity"]);
});

test.each([
  ["Customer Reference,Customer ID", "Customer ID"],
  ["User ID,Customer ID", "Customer ID"],
  ["Contact ID,Customer No.", "Customer No."],
  ["Shipping Email,Billing Email", "Billing Email"],
  ["customer_uuid", "customer_uuid"],
  ["Customer/Vendor Code", "Customer/Vendor Code"],
  ["Debitorenkonto", "Debitorenkonto"],
  ["Account User Email", "Account User Email"],
])("of %s the customer is %s", (names, meant) => {
  const header = ["Invoice", "Quantity", "Date", "Price", ...names.split(",")];
  expect(header[mapColumns(header).positions.customerId!]).toBe(meant);
});
