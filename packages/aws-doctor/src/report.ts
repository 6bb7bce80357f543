import { printable } from "@keyspaces-segmentation/common";
import type { Check } from "./check.js";

/** A line a check for a terminal, and one below for what there is to do. */
export function reportText(checks: readonly Check[]): string {
  const width = Math.max(...checks.map(({ name }) => name.length));
  const margin = " ".repeat("unchecked".length + width + 4);
  return checks
    .map(({ name, state, detail, todo }) => {
      const line = `${state.padEnd("unchecked".length)}  ${name.padEnd(width)}  ${printable(detail)}`;
      return todo === undefined || state === "ok" ? line : `${line}\n${margin}-> ${printable(todo)}`;
    })
    .join("\n");
}
