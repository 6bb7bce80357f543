import { expect, test } from "@jest/globals";
import { moneyOf } from "@keyspaces-segmentation/common";
import { wordsFor } from "@keyspaces-segmentation/customer-clusters/dist/claims.js";
import { describeFit } from "@keyspaces-segmentation/customer-clusters/dist/fit.js";

const gbp = { money: moneyOf("GBP") };

const customer = (recencyDays: number, frequency: number, monetary: number) => ({ recencyDays, frequency, monetary });
const members = Array.from({ length: 80 }, (_, i) => customer(i % 40, 1 + (i % 10), 400 + 20 * i));
const others = Array.from({ length: 80 }, (_, i) => customer(100 + i, 1, 100 + i));
const words = wordsFor([...members, ...others]);
const compared = (recencyDays: number, frequency: number, monetary: number, name = "More recent") =>
  describeFit(customer(recencyDays, frequency, monetary), { name, members, words, ...gbp });

test("a customer among most of a cluster is like them", () => {
  expect(compared(20, 5, 1000)).toBe("like most of them");
});

test("one who is not is held against most of them, feature by feature", () => {
  expect(compared(20, 1, 150)).toBe("1 invoice (most: 2–9 invoices); £150 spent (most: £600–1,800 spent)");
  expect(compared(1, 5, 1000)).toBe("bought 1 day ago (most: bought 5–34 days ago)");
});

test("one who is not what the name says is told so, also within the range of most", () => {
  expect(compared(20, 5, 1000, "£1,500–1,900 spent")).toBe("£1,000 spent (most: £600–1,800 spent)");
});

test("nobody can be like those in an empty cluster", () => {
  expect(describeFit(customer(1, 1, 1), { name: "Empty", members: [], words, ...gbp })).toBe("nobody else is in it");
});
