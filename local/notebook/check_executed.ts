import { type CellOutput, codeCells, joined, readNotebook } from "./notebook_file.js";

const CHART = 'class="chart"';
const PICTURE = /<img src="data:image\/png;base64,[^"]/;

/** A chart's display; undefined for any other output. */
function chartIn({ data = {} }: CellOutput): { hasPictures: boolean } | undefined {
  const html = joined(data["text/html"] as string | undefined);
  if (!html.includes(CHART)) return undefined;
  return { hasPictures: PICTURE.test(html) && Boolean(data["image/png"]) };
}

/**
 * What is wrong with a notebook that claims to have run: a code cell without an execution count, anything on standard
 * error (where the kernel prints its type errors), a cell that was to show a chart and shows none, a chart without its
 * still pictures, in the page and beside it. Empty when all is well.
 */
export function checkExecuted(path: string): string[] {
  const problems: string[] = [];
  for (const { id, source, executionCount, outputs } of codeCells(readNotebook(path))) {
    if (executionCount === null) problems.push(`Cell ${id} was not executed`);
    for (const { output_type, name, text } of outputs) {
      if (output_type === "error" || name === "stderr") problems.push(`Cell ${id} reported: ${joined(text).trim()}`);
    }
    const charts = outputs.flatMap((output) => chartIn(output) ?? []);
    const wanted = source.match(/^await showChart\(/gm)?.length ?? 0;
    if (executionCount !== null && charts.length < wanted) {
      problems.push(`Cell ${id} shows ${charts.length} of its ${wanted} charts`);
    }
    for (const { hasPictures } of charts) {
      if (!hasPictures) problems.push(`Cell ${id} shows a chart without a still picture`);
    }
  }
  return problems;
}
