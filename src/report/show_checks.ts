import { StepError } from "../errors.js";
import { showTable } from "./show_table.js";

/** The outcome of one check before the walkthrough starts. */
interface CheckLine {
  name: string;
  ok: boolean;
  detail: string;
  /** What to do where it failed. */
  todo?: string;
}

/**
 * Shows what was checked, and ends the cell if something is missing.
 *
 * @throws StepError naming the checks that failed and the first thing to do
 */
export function showChecks(checks: readonly CheckLine[]): void {
  showTable(
    checks.map(({ name, ok, detail, todo }) => ({ ok: ok ? "✓" : "✗", name, detail, todo: ok ? "" : (todo ?? "") })),
    {
      columns: [
        { key: "ok", title: "" },
        { key: "name", title: "Check" },
        { key: "detail", title: "Found" },
        { key: "todo", title: "To do" },
      ],
      limit: checks.length,
    },
  );
  const failed = checks.filter(({ ok }) => !ok);
  const [first] = failed;
  if (!first) return;
  throw new StepError({
    tried: "start the walkthrough",
    got: failed.map(({ name, detail }) => `${name}: ${detail}`).join("; "),
    ...(first.todo && { hint: first.todo }),
  });
}
