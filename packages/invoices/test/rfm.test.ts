import { expect, test } from "@jest/globals";
import { type Preparation, prepareFeatures } from "@keyspaces-segmentation/invoices/dist/rfm.js";
import { preparations, retailOracle } from "../../../test/support/oracle.js";
import {
  aggregateLines,
  invoiceLine,
  parseGenerated,
  parseRealData,
  testOnRealData,
} from "../../../test/support/retail.js";

test.each(preparations)("the generated file as pandas prepares it: %s", async (preparation) => {
  const aggregate = aggregateLines((await parseGenerated()).lines);
  const { customers, analysisDate } = prepareFeatures(aggregate, { preparation });
  expect(analysisDate).toBe(retailOracle.analysisDate);
  expect(customers.map((customer) => Object.values(customer))).toEqual(
    retailOracle.preparations[preparation].customers.map((row) => row.slice(0, 5)),
  );
});

test("recency counts dates, not 24 hours", () => {
  const aggregate = aggregateLines([
    invoiceLine({ invoiceDate: new Date("2010-03-04T23:59:00Z") }),
    invoiceLine({ invoiceDate: new Date("2010-03-05T00:01:00Z"), customerId: "50002" }),
  ]);
  const { customers } = prepareFeatures(aggregate, { preparation: "sales" });
  expect(customers.map(({ recencyDays }) => recencyDays)).toEqual([1, 0]);
  expect(
    prepareFeatures(aggregate, { preparation: "sales", analysisDate: "2010-03-08" }).customers[0]!.recencyDays,
  ).toBe(4);
});

test("a customer who only returned counts as published, and not otherwise", () => {
  const aggregate = aggregateLines([invoiceLine(), invoiceLine({ invoice: "C1", quantity: -1, customerId: "50002" })]);
  const ids = (preparation: Preparation) =>
    prepareFeatures(aggregate, { preparation }).customers.map(({ customerId }) => customerId);
  expect([ids("net"), ids("sales"), ids("as_published")]).toEqual([["50001"], ["50001"], ["50001", "50002"]]);
});

test("refuses a date it cannot count to, an unknown preparation, and data that leave nobody", () => {
  const aggregate = aggregateLines([invoiceLine()]);
  const prepare = (options: object) => () => prepareFeatures(aggregate, { preparation: "net", ...options });
  expect(prepare({ analysisDate: "2010-03-03" })).toThrow(
    'Expected `analysisDate` to be 2010-03-04, the date of the last invoice, or later, got "2010-03-03"',
  );
  expect(prepare({ analysisDate: "2010-02-30" })).toThrow("Expected `analysisDate` to be a day as YYYY-MM-DD");
  expect(prepare({ analysisDate: "4/3/2010" })).toThrow("Expected `analysisDate` to be a day as YYYY-MM-DD");
  expect(prepare({ preparation: "toString" })).toThrow("Expected `preparation` to be one of net, sales, as_published");
  const nobody = aggregateLines([invoiceLine({ customerId: null })]);
  expect(() => prepareFeatures(nobody, { preparation: "net" })).toThrow("no line has a customer");
  const none = aggregateLines([invoiceLine({ price: { unscaled: 0n, scale: 0 } })]);
  expect(() => prepareFeatures(none, { preparation: "net" })).toThrow('no customer has a line that counts for "net"');
  expect(() => prepareFeatures(aggregateLines([]), { preparation: "net" })).toThrow("there are no invoice lines");
});

testOnRealData("the real file as measured with pandas", async () => {
  const aggregate = aggregateLines((await parseRealData()).lines);
  const measured = (preparation: Preparation) => {
    const { customers } = prepareFeatures(aggregate, { preparation, analysisDate: "2011-12-09" });
    const mean = (feature: "frequency" | "monetary") =>
      customers.reduce((sum, customer) => sum + customer[feature], 0) / customers.length;
    return [customers.length, mean("frequency").toFixed(3), mean("monetary").toFixed(2)];
  };
  expect(measured("sales")).toEqual([157, "3.860", "3674.50"]);
  // 3,390.87 before truncation.
  expect(measured("as_published")).toEqual([159, "4.711", "3390.41"]);
  expect(measured("net").slice(0, 2)).toEqual([157, "3.860"]);
});
