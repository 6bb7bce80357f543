import { expect, test } from "@jest/globals";
import { DecimalSum, parseDecimal } from "@keyspaces-segmentation/common";
import { createFileLedger } from "@keyspaces-segmentation/invoices";
import { seededRandom } from "@keyspaces-segmentation/local-support";
import { generateRetailCsv } from "../../../local/data/generate.js";
import { mutated } from "../../../test/faults/mutate.js";
import { parseInvoices } from "../../../test/support/invoice_files.js";

/** In units of 10^−12, exact. */
function exactly(amounts: readonly string[]): bigint {
  const sum = new DecimalSum();
  for (const amount of amounts) {
    const { unscaled, scale } = parseDecimal(amount)!;
    sum.add(unscaled, scale);
  }
  const { unscaled, scale } = sum.value();
  return unscaled * 10n ** BigInt(12 - scale);
}

test("whatever is in a file, every record of it is a line or a reject, once, and the money adds up", async () => {
  const [header, ...good] = generateRetailCsv({ seed: 11, customers: 8 }).trimEnd().split("\n");
  const random = seededRandom(5);
  for (let round = 0; round < 60; round++) {
    const some = good.slice(0, 60 + Math.floor(random() * 60));
    const text = [header, ...some.map((line) => (random() < 0.2 ? mutated(line, random) : line))].join("\n");
    const bytes = Buffer.from(text);
    // Bytes that are no text either.
    for (let hits = Math.floor(random() * 4); hits > 0; hits--) {
      bytes[header!.length + 1 + Math.floor(random() * (bytes.length - header!.length - 1))] = Math.floor(
        random() * 256,
      );
    }
    async function* source() {
      for (let at = 0; at < bytes.length; at += 999) yield bytes.subarray(at, at + 999);
    }
    const ledger = createFileLedger();
    const numbers: number[] = [];
    for await (const chunk of parseInvoices(source())) {
      ledger.add(chunk);
      numbers.push(...chunk.lineNumbers, ...chunk.rejects.map(({ lineNumber }) => lineNumber));
    }
    const { lines, amount, bins, rejects, repeated } = ledger.report();
    expect(new Set(numbers).size).toBe(numbers.length);
    expect(lines).toBe(numbers.length);
    const parts = [...bins, ...rejects, repeated];
    expect(parts.reduce((sum, part) => sum + part.lines, 0)).toBe(lines);
    expect(exactly(parts.map((part) => part.amount))).toBe(exactly([amount]));
  }
});
