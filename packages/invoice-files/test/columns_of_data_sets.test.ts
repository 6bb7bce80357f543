import { describe, expect, test } from "@jest/globals";
import { mapColumns } from "@keyspaces-segmentation/invoice-files/dist/columns/map_columns.js";
import { readFile } from "./support/read_file.js";

/** A header as data sets for lessons have it, and which columns are meant: customer, date, price or amount. */
test.each([
  ["user_id,order_dt,order_products,order_amount", "user_id,order_dt,order_amount"],
  ["customer_id,trans_date,tran_amount", "customer_id,trans_date,tran_amount"],
  [
    "TransactionID,CustomerID,TransactionDate,TransactionTime,TransactionAmount (INR)",
    "CustomerID,TransactionDate,TransactionAmount (INR)",
  ],
  ["card_id,merchant_id,purchase_amount,purchase_date", "card_id,purchase_date,purchase_amount"],
  ["trans_date_trans_time,cc_num,amt,trans_num", "cc_num,trans_date_trans_time,amt"],
  [
    "order_id,order_purchase_timestamp,payment_value,customer_unique_id",
    "customer_unique_id,order_purchase_timestamp,payment_value",
  ],
  ["SHOP_DATE,QUANTITY,SPEND,CUST_CODE,BASKET_ID", "CUST_CODE,SHOP_DATE,SPEND"],
  ["SalesOrderNumber,OrderDateKey,CustomerKey,OrderQuantity,UnitPrice", "CustomerKey,OrderDateKey,UnitPrice"],
  ["sales_ymd,receipt_no,customer_id,product_cd,quantity,amount", "customer_id,sales_ymd,amount"],
  ["订单ID,用户ID,下单时间,商品名称,单价,购买数量,订单总额", "用户ID,下单时间,单价"],
  ["订单编号,买家会员名,买家实际支付金额,订单创建时间", "买家会员名,订单创建时间,买家实际支付金额"],
  ["注文番号,注文日時,会員ID,商品コード,商品名,単価,数量,小計", "会員ID,注文日時,単価"],
  ["주문번호,주문일자,고객ID,상품코드,수량,단가,금액", "고객ID,주문일자,단가"],
  ["Номер заказа,Дата заказа,ID клиента,Артикул,Количество,Цена,Сумма", "ID клиента,Дата заказа,Цена"],
  ["Invoice,InvoiceDate,Customer ID,Sum of Quantity,Sum of Amount", "Customer ID,InvoiceDate,Sum of Amount"],
  ["Order ID,Customer ID,Day of Order Date,Product ID,Quantity,Sales", "Customer ID,Day of Order Date,Sales"],
  [
    "Customer Id,Order Id,order date (DateOrders),Order Item Quantity,Sales,shipping date (DateOrders)",
    "Customer Id,order date (DateOrders),Sales",
  ],
  ["CustomerID,InvoiceDay,TotalSum", "CustomerID,InvoiceDay,TotalSum"],
  [
    "No. Pesanan,Waktu Pesanan Dibuat,Username (Pembeli),Nama Produk,Jumlah,Harga Setelah Diskon",
    "Username (Pembeli),Waktu Pesanan Dibuat,Harga Setelah Diskon",
  ],
  ["Mã đơn hàng,Ngày đặt hàng,Mã khách hàng,Mã sản phẩm,Số lượng,Đơn giá", "Mã khách hàng,Ngày đặt hàng,Đơn giá"],
  ["Номер замовлення,Дата замовлення,Клієнт,Артикул,Кількість,Ціна", "Клієнт,Дата замовлення,Ціна"],
  ["Fatura No,Müşteri No,Ürün Kodu,Miktar,Birim Fiyat,Fatura Tarihi", "Müşteri No,Fatura Tarihi,Birim Fiyat"],
  ["id_cliente,id_producto,cantidad,monto,fecha", "id_cliente,fecha,monto"],
  ["id_venda,carro_id,cliente_id,vendedor_id,data_venda,valor_venda", "cliente_id,data_venda,valor_venda"],
  ["id_pedido,data_pedido,cliente,total_produtos,valor_frete,total_pedido", "cliente,data_pedido,total_pedido"],
  ["SalesOrderID,OrderDate,CustomerID,LineItem,ProductID,OrderQty,LineItemTotal", "CustomerID,OrderDate,LineItemTotal"],
  ["Tanggal,Nomor Nota,Nama Barang,Nama Customer,Harga Satuan,Jumlah Terjual", "Nama Customer,Tanggal,Harga Satuan"],
  [
    "Order #,Order Date,Subtotal,Total,Billing_Name,LineItem_Qty,LineItem_Sale_Price",
    "Billing_Name,Order Date,LineItem_Sale_Price",
  ],
  ["id,Klient,Kwota,Data", "Klient,Data,Kwota"],
  ["Order Date,Purchase Price Per Unit,Quantity,Customer ID", "Customer ID,Order Date,Purchase Price Per Unit"],
])("%s", (header, meant) => {
  const names = header.split(",");
  const { positions, missing } = mapColumns(names);
  const { customerId, invoiceDate, price, amount } = positions;
  expect([customerId!, invoiceDate!, (price ?? amount)!].map((at) => names[at]).join()).toBe(meant);
  expect(missing.filter((fact) => fact !== "invoice")).toEqual([]);
});

/** The columns of an invoice's number and of what was sold, in other scripts and with a letter that has no accent to lose. */
test.each([
  ["№ заказа,Дата заказа,Клиент,Товар,Количество,Цена", "№ заказа", "Товар"],
  ["№ чека,Дата,Клиент,Товар,Количество,Цена", "№ чека", "Товар"],
  ["Номер,Дата,Контрагент,Номенклатура,Количество,Цена", "Номер", "Номенклатура"],
  ["单号,日期,客户,商品,数量,单价", "单号", "商品"],
  ["Fatura No,Müşteri No,Ürün Adı,Miktar,Birim Fiyat,Tarih", "Fatura No", "Ürün Adı"],
  ["SİPARİŞ NO,Müşteri No,Stok Adı,Miktar,Birim Fiyat,Tarih", "SİPARİŞ NO", "Stok Adı"],
])("%s", (header, ...meant) => {
  const names = header.split(",");
  const { invoice, description } = mapColumns(names).positions;
  expect([names[invoice!], names[description!]]).toEqual(meant);
});

test("of a sum the name behind it counts for quantities and amounts alone", () => {
  const names = ["Sum of Invoice", "Invoice", "Date", "Customer", "Amount"];
  expect(names[mapColumns(names).positions.invoice!]).toBe("Invoice");
});

/** Names that a data set has for one thing, and an ordinary shop beside its own column of that for another. */
test.each([
  ["Invoice,Order Day,Date,Customer ID,SKU,Quantity,Price", "invoiceDate", "Date"],
  ["Invoice,OrderDateKey,OrderDate,Customer ID,SKU,Quantity,Price", "invoiceDate", "OrderDate"],
  ["Invoice,Shop Date,Date,Customer ID,SKU,Quantity,Price", "invoiceDate", "Date"],
  ["Trans,Number,Date,Customer ID,SKU,Quantity,Price", "invoice", "Number"],
  ["No Faktur,Tanggal,Pelanggan,Barang,Jumlah,Harga,Qty", "quantity", "Qty"],
  ["Invoice,GIA,Date,Customer ID,Item,Quantity,Price", "price", "Price"],
] as const)("of %s, the %s is %s", (header, fact, meant) => {
  const names = header.split(",");
  expect(names[mapColumns(names).positions[fact]!]).toBe(meant);
});

test("an amount of the order is taken where there is no other, and not before one of the line", () => {
  const names = ["Order ID", "Date", "Customer ID", "Order Amount", "SKU", "Quantity", "Line Total"];
  expect(names[mapColumns(names).positions.amount!]).toBe("Line Total");
});

const day = (i: number): string =>
  `2024-${String(1 + (i % 6)).padStart(2, "0")}-${String(1 + (i % 28)).padStart(2, "0")}`;

describe("a customer's id that is one of the order", () => {
  const orders = Array.from({ length: 24 }, (_, i) => `o${i},c${i},${day(i)},5.00,u${i % 7}`);
  test("gives way to that which several orders share", async () => {
    const { customers, said } = await readFile("olist.csv", [
      "order_id,customer_id,order_purchase_timestamp,payment_value,customer_unique_id",
      ...orders,
    ]);
    expect(customers.map((each) => each.split(" ")[0])).toEqual(["u0", "u1", "u2", "u3", "u4", "u5", "u6"]);
    expect(said).toContain("customers: customer_unique_id, not customer_id");
  });
  test.each(["user_id", "Ship-to Customer No", "Customer Name"])("and not to %s", async (name) => {
    const { customers } = await readFile("shop.csv", [`order_id,customer_id,order_date,amount,${name}`, ...orders]);
    expect(customers).toHaveLength(24);
  });
  test("stays where one customer has two orders", async () => {
    const { customers } = await readFile("shop.csv", [
      "order_id,customer_id,order_date,amount,account_id",
      ...orders,
      `o99,c1,${day(3)},5.00,u1`,
    ]);
    expect(customers).toHaveLength(24);
  });
});

describe("prices that are cut off", () => {
  const header = "ORDERNUMBER,QUANTITYORDERED,PRICEEACH,SALES,ORDERDATE,PRODUCTCODE,CUSTOMERNAME";
  test("at a highest one: the amounts are what was sold", async () => {
    const prices = [95.7, 81.35, 120.5, 64, 212, 110.25, 50, 229.99];
    const { customers, said } = await readFile("sales.csv", [
      header,
      ...prices.map(
        (price, i) => `${i},10,${Math.min(price, 100)},${(price * 10).toFixed(2)},${day(i)},S${i},Land of Toys`,
      ),
    ]);
    expect(customers.join()).toContain(" 8 9637.9");
    expect(said).toContain("amounts of lines: SALES counts, since PRICEEACH is never above 100");
  });
  test("are not those of the dearest article alone, which has a tax", async () => {
    const { said } = await readFile("sales.csv", [
      header,
      ...[50, 60, 100, 70, 100, 100, 100].map(
        (price, i) =>
          `${i},${i + 2},${price},${(price * (i + 2) * (price === 100 ? 1.2 : 1)).toFixed(2)},${day(i)},S,Toys`,
      ),
    ]);
    expect(said).toContain("amounts of lines: SALES is left out, quantity × PRICEEACH counts");
  });
});

test("a price after discounts beside that of the piece is said", async () => {
  const { said } = await readFile("contoso.csv", [
    "OrderKey,OrderDate,CustomerKey,ProductKey,Quantity,UnitPrice,NetPrice",
    "1,2024-01-25,7,A,2,10.00,8.00",
    "2,2024-01-26,8,B,1,10.00,9.50",
  ]);
  expect(said).toContain("prices: UnitPrice, and not NetPrice");
});

describe("where no column is called a quantity", () => {
  test("whole numbers that make the total out of the amounts may be", async () => {
    const rows = [
      [3, 10],
      [2, 7.5],
      [1, 20],
      [5, 3.25],
      [4, 12],
    ];
    const lines = [
      "Transaction_ID,Customer_ID,Date,Total_Purchases,Amount,Total_Amount,products",
      ...rows.map(([pieces, each], i) => `${i},7,2024-01-2${i},${pieces}.0,${each},${pieces! * each!},Shorts`),
    ];
    await expect(readFile("retail.csv", lines)).rejects.toThrow(/Total_Purchases times Amount makes Total_Amount/);
    const { customers } = await readFile("retail.csv", lines, { columns: "quantity=Total_Purchases" });
    expect(customers).toEqual(["7 0 5 129.25"]);
  });
  test("a rating beside amounts is none", async () => {
    const { customers } = await readFile("retail.csv", [
      "Transaction_ID,Customer_ID,Date,Rating,Amount,Total_Amount",
      ...[3, 2, 5, 4].map((rating, i) => `${i},7,2024-01-2${i},${rating},10.00,12.00`),
    ]);
    expect(customers).toEqual(["7 0 4 40"]);
  });
  test("amounts of 1, 2, 3 below their prices may be, and the price of several that of the line", async () => {
    const line = (i: number, pieces: number): string =>
      `11/${1 + i}/2000,0${1 + (i % 3)},47${i % 4},${pieces},${(40 + (i % 4)) * pieces}`;
    const lines = [
      "TRANSACTION_DT,CUSTOMER_ID,PRODUCT_ID,AMOUNT,SALES_PRICE",
      ...Array.from({ length: 24 }, (_, i) => line(i, [1, 1, 2, 1, 3, 1, 1][i % 7]!)),
    ];
    await expect(readFile("tafeng.csv", lines)).rejects.toThrow(/AMOUNT has whole numbers below SALES_PRICE/);
    const { customers } = await readFile("tafeng.csv", lines, { columns: "quantity=AMOUNT" });
    const money = customers.map((each) => Number(each.split(" ")[3])).reduce((sum, each) => sum + each, 0);
    const meant = Array.from({ length: 24 }, (_, i) => (40 + (i % 4)) * [1, 1, 2, 1, 3, 1, 1][i % 7]!);
    expect(money).toBe(meant.reduce((sum, each) => sum + each, 0));
  });
  test("amounts in whole units of a currency, less a discount on the price, are none", async () => {
    const { customers } = await readFile("orders.csv", [
      "Order ID,Order Date,Customer ID,SKU,Price,Amount",
      ...[80, 45, 100, 20, 64].map((amount, i) => `${i},2024-01-2${i},7,S${i},${amount + 10},${amount}`),
    ]);
    expect(customers).toEqual(["7 0 5 309"]);
  });
});

describe("a price without a column of articles", () => {
  const spread = Array.from({ length: 40 }, (_, i) => ({ pieces: 1 + ((i * 7) % 5), noise: ((i * 13) % 11) - 5 }));
  const rows = (money: (pieces: number, noise: number) => number): string[] => [
    "customer_id,date,quantity,price",
    ...spread.map(({ pieces, noise }, i) => `${i % 9},${day(i)},${pieces},${money(pieces, noise).toFixed(2)}`),
  ];
  test("is the amount of the line where it grows with the quantity", async () => {
    const { said } = await readFile(
      "cdnow.csv",
      rows((pieces, noise) => pieces * (14 + noise / 3) + 0.01),
    );
    expect(said).toContain("amounts of lines: price is the amount of the line, not the price of one piece");
  });
  test("is that of one piece where it does not", async () => {
    const { said } = await readFile(
      "plain.csv",
      rows((_, noise) => 14 + noise),
    );
    expect(said.filter((row) => row.startsWith("amounts of lines"))).toEqual([]);
  });
});

test("a time of day without zeros in front and with seconds is one: 92700", async () => {
  const { said } = await readFile("bank.csv", [
    "TransactionID,CustomerID,TransactionDate,TransactionTime,TransactionAmount (INR)",
    "T1,C1,18/1/23,143207,25.0",
    "T2,C1,21/1/23,92700,30.0",
  ]);
  expect(said).toContain("dates: day first, dd/mm/yy hh:mm:ss");
});
