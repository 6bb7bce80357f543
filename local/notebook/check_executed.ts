import { readFileSync } from "node:fs";

interface Output {
  output_type: string;
  name?: string;
  text?: string | string[];
  data?: Record<string, unknown>;
}

interface Cell {
  id: string;
  cell_type: string;
  source: string | string[];
  execution_count?: number | null;
  outputs?: Output[];
}

const joined = (text: string | string[] = ""): string => (Array.isArray(text) ? text.join("") : text);

/**
 * What is wrong with a notebook that claims to have run: a code cell without an execution count, anything on standard
 * error (where the kernel prints its type errors), a chart without its still picture. Empty when all is well.
 */
export function checkExecuted(path: string): string[] {
  const { cells } = JSON.parse(readFileSync(path, "utf8")) as { cells: Cell[] };
  const problems: string[] = [];
  for (const { id, cell_type, source, execution_count, outputs = [] } of cells) {
    if (cell_type !== "code" || joined(source).trim() === "") continue;
    if (execution_count == null) problems.push(`Cell ${id} was not executed`);
    for (const { output_type, name, text, data = {} } of outputs) {
      if (output_type === "error" || name === "stderr") problems.push(`Cell ${id} reported: ${joined(text).trim()}`);
      const html = joined(data["text/html"] as string | undefined);
      if (html.includes('class="chart"') && data["image/png"] === undefined) {
        problems.push(`Cell ${id} shows a chart without a still picture`);
      }
    }
  }
  return problems;
}
