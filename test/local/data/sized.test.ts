import { createHash } from "node:crypto";
import { expect, test } from "@jest/globals";
import { chooseData } from "../../../local/data/choose_data.js";
import { sizedCsv } from "../../../local/data/sized.js";
import { aggregateLines, parseText } from "../../support/retail.js";

const csv = (lines: number, customers: number, seed = 1) => [...sizedCsv({ lines, customers }, seed)].join("");

test.each([
  [6000, 100],
  [6000, 300],
  [1, 8],
])("%d lines of %d customers are that many, with the faults of the real data", async (wanted, customers) => {
  const { lines, rejects } = await parseText(csv(wanted, customers));
  expect(lines.length + rejects.length).toBe(wanted);
  if (wanted === 1) return;
  const known = aggregateLines(lines).customers.length;
  expect(known).toBeGreaterThan(0.95 * customers);
  expect(known).toBeLessThanOrEqual(customers);
  expect(rejects.length).toBeGreaterThan(0);
  expect(lines.some(({ customerId }) => customerId === null)).toBe(true);
  expect(lines.some(({ invoice }) => invoice.startsWith("C"))).toBe(true);
});

test("the same size gives the same data, which says that it is generated", () => {
  const size = { lines: 10_000, customers: 200 };
  const digest = ({ body }: { body: Uint8Array }) => createHash("sha256").update(body).digest("hex");
  const data = chooseData(null, size);
  expect(data.metadata).toEqual({ origin: "generated" });
  expect(digest(chooseData(null, size))).toBe(digest(data));
  const expected = csv(10_000, 200);
  expect(String(Buffer.from(data.body))).toBe(expected);
  expect(csv(10_000, 200, 2)).not.toBe(expected);
});
