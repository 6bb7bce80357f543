import { repeatCounter } from "./repeats.js";
import type { InvoiceLine } from "./parse.js";
export interface LineRules { x: number }
export function rulesOf(_lines: readonly InvoiceLine[]): { rules: LineRules; rows: { what: string; readAs: string; because: string; confidence: "certain" }[] } { return { rules: { x: 1 }, rows: [] }; }
export function lineNumbering(): (line: Omit<InvoiceLine, "line">) => { line: InvoiceLine; isRepeated: boolean } {
  const next = repeatCounter();
  return (line) => ({ line: { invoice: line.invoice, stockCode: line.stockCode, line: next(line.invoice, line.stockCode), description: line.description, quantity: line.quantity, invoiceDate: line.invoiceDate, price: line.price, customerId: line.customerId, country: line.country }, isRepeated: false });
}
export function nobodyReader(_o: { words: readonly string[] }): (text: string) => string | null { return (t) => (/^(nan|null|none|n\/a|\\n|#n\/a|0|)$/i.test(t) ? null : t.replace(/^(\d+)\.0*$/, "$1").replace(/^="(.*)"$/, "$1")); }
