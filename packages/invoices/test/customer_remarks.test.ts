import { expect, test } from "@jest/globals";
import { customerRemarks } from "@keyspaces-segmentation/invoices";

const customers = (counts: { readonly [id: string]: number }) =>
  Object.entries(counts).map(([customerId, purchaseInvoices]) => ({ customerId, purchaseInvoices }));
const others = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`c${100 + i}`, 1 + (i % 3)]));

test.each(["99999", "WALKIN01", "Cash customer", "Walk-in", "GUEST-2", "Consumidor final", "12345", "POS"])(
  "an id that looks like that of guests is said, with the parameter that makes it nobody: %s",
  (id) => {
    expect(customerRemarks(customers({ ...others, [id]: 6 }), { names: false })).toEqual([
      `The customer ${id} has 6 of 45 invoices (13 %): if that id stands for guests, set the parameter \`nobody\` to ${id}.`,
    ]);
  },
);

test("any id with more invoices than a customer is likely to have is said, by name where that may be", () => {
  const of = customers({ ...others, c777: 30 });
  expect(customerRemarks(of, { names: true })).toEqual([
    "The customer c777 has 30 of 69 invoices (43 %): if that id stands for guests, set the parameter `nobody` to c777.",
  ]);
  expect(customerRemarks(of, { names: false })[0]).toMatch(/^One customer has 30 of 69 invoices \(43 %\)/);
});

test.each(["Republic Stores Ltd", "Johnny Cash", "ABC Retail GmbH", "guest.house@example.com", "Web Smith"])(
  "a customer whose name has such a word in it is not named in what is handed on: %s",
  (id) => {
    const remarks = (names: boolean) => customerRemarks(customers({ ...others, [id]: 6 }), { names }).join();
    expect(remarks(true)).toContain(id);
    expect(remarks(false)).toContain("One customer has 6 of 45 invoices");
    expect(remarks(false)).not.toContain(id);
  },
);

test("a good customer, one of two, and few invoices are nothing to remark on", () => {
  expect(customerRemarks(customers({ ...others, c777: 8 }), { names: true })).toEqual([]);
  expect(customerRemarks(customers({ a: 50, b: 2 }), { names: true })).toEqual([]);
  expect(customerRemarks(customers({ a: 9, b: 2, c: 1 }), { names: true })).toEqual([]);
  expect(customerRemarks([], { names: true })).toEqual([]);
});

test("ids that may be of one customer are said", () => {
  const alike = customers({ "0012": 1, "12": 1, Anna: 1, ANNA: 1 });
  expect(customerRemarks(alike, { names: true })).toEqual([
    "1 customer id differs from another one by zeros in front only, such as 0012 and 12: a spreadsheet drops them. They count as different customers.",
    "1 customer id differs from another one by large and small letters only, such as ANNA and Anna: they may have been typed in. They count as different customers.",
  ]);
  expect(customerRemarks(alike, { names: false }).join()).not.toMatch(/anna|12/i);
});
