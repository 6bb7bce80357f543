import { StepError } from "@keyspaces-segmentation/common";
import { showTable } from "./tables.js";

/** The outcome of one check before the walkthrough starts. */
interface CheckLine {
  name: string;
  state: "ok" | "unchecked" | "to do";
  detail: string;
  /** What to do where it failed, or may yet. */
  todo?: string;
  /** Present where the walkthrough can start without: a later step fails, and says so itself. */
  later?: true;
}

const marks = { ok: "✓", unchecked: "unchecked", "to do": "✗" } as const;

/**
 * Shows what was checked, and ends the cell if something is missing.
 *
 * @throws StepError naming the checks that failed and the first thing to do
 */
export function showChecks(checks: readonly CheckLine[]): void {
  showTable(
    checks.map(({ name, state, detail, todo }) => ({
      state: marks[state],
      name,
      detail,
      todo: state === "ok" ? "" : (todo ?? ""),
    })),
    {
      columns: [
        { key: "state", title: "" },
        { key: "name", title: "Check" },
        { key: "detail", title: "Found" },
        { key: "todo", title: "To do" },
      ],
      limit: checks.length,
    },
  );
  const failed = checks.filter(({ state, later }) => state === "to do" && !later);
  const [first] = failed;
  if (!first) return;
  throw new StepError({
    tried: "start the walkthrough",
    got: failed.map(({ name, detail }) => `${name}: ${detail}`).join("; "),
    ...(first.todo && { hint: first.todo }),
  });
}
