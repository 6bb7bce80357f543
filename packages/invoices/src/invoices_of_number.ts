import { DAY_MS } from "./days.js";
import type { InvoiceLine } from "./parse.js";

/** The part of an invoice line that the fold looks at. */
export type FoldedLine = Omit<InvoiceLine, "line" | "description">;

/** The invoices that a number names, their lines in the order given; a single one where all lines are of one time, whoever's they are. */
export function invoicesOf(numbered: readonly FoldedLine[]): FoldedLine[][] {
  const byCustomer = new Map<string | null, FoldedLine[]>();
  for (const line of numbered) {
    const known = byCustomer.get(line.customerId);
    if (known) known.push(line);
    else byCustomer.set(line.customerId, [line]);
  }
  const invoices = [...byCustomer.values()].flatMap(inTime);
  return invoices.length === byCustomer.size && inTime(numbered).length === 1 ? [[...numbered]] : invoices;
}

/** Lines in groups, each a day or more from the next one. */
function inTime(lines: readonly FoldedLine[]): FoldedLine[][] {
  const times = [...new Set(lines.map(({ invoiceDate }) => invoiceDate.getTime()))].sort((a, b) => a - b);
  const groupOf = new Map<number, number>();
  let group = 0;
  for (const [i, time] of times.entries()) {
    if (i > 0 && time - times[i - 1]! >= DAY_MS) group++;
    groupOf.set(time, group);
  }
  const groups: FoldedLine[][] = Array.from({ length: group + 1 }, () => []);
  for (const line of lines) groups[groupOf.get(line.invoiceDate.getTime())!]!.push(line);
  return groups;
}
