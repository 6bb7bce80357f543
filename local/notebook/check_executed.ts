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
 * How the kernel itself begins to print what went wrong: a type error, with its place in the cell, or what something threw that
 * nobody waited for. All else on standard error, a warning of Node or of a library, is no failure; cells that throw have an `error`.
 */
const FAILURE = /^(\d+:\d+ - |UncaughtException:|UnhandledPromiseRejection:)/m;

/**
 * What is wrong with a notebook that claims to have run: a code cell without an execution count, an error, a cell that was to show a chart and shows none, a chart without its
 * still pictures, in the page and beside it. Empty when all is well.
 */
export function checkExecuted(path: string): string[] {
  const problems: string[] = [];
  for (const { id, source, executionCount, outputs } of codeCells(readNotebook(path))) {
    if (executionCount === null) problems.push(`Cell ${id} was not executed`);
    for (const { output_type, name, text, evalue } of outputs) {
      const printed = joined(text).trim();
      if (output_type === "error") problems.push(`Cell ${id} failed: ${evalue}`);
      else if (name === "stderr" && FAILURE.test(printed)) problems.push(`Cell ${id} reported: ${printed}`);
    }
    const charts = outputs.flatMap((output) => chartIn(output) ?? []);
    const wanted = source.match(/^await charts\./gm)?.length ?? 0;
    if (executionCount !== null && charts.length < wanted) {
      problems.push(`Cell ${id} shows ${charts.length} of its ${wanted} charts`);
    }
    for (const { hasPictures } of charts) {
      if (!hasPictures) problems.push(`Cell ${id} shows a chart without a still picture`);
    }
  }
  return problems;
}
