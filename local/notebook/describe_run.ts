import { readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { printable } from "../terminal.js";

interface Summary {
  dataset: { uri: string; lines: number };
  ledger: { stored: number; rejected: number; earlier: number };
  customers: number;
  training: { job: string; k: number; inertia: number; seconds: number };
  clusters: { cluster: number; name: string; customers: number; revenueShare: number }[];
}

/** One decimal; a loss too small to show is no loss. */
const percent = (share: number): string => (100 * share).toFixed(1).replace(/^-0\.0$/, "0.0");

const count = (value: number): string => value.toLocaleString("en-US");

/** What a finished run says in the terminal: the numbers of `summary.json` and where to look. */
export function describeRun(outputDirectory: string, executed: string, html: string): string {
  const summary = JSON.parse(readFileSync(join(outputDirectory, "summary.json"), "utf8")) as Summary;
  const { dataset, ledger, customers, training, clusters } = summary;
  const width = Math.max(...clusters.map(({ name }) => name.length));
  const show = (path: string) => {
    const fromHere = relative(process.env.INIT_CWD ?? process.cwd(), path);
    return fromHere.startsWith("..") ? path : fromHere || ".";
  };
  return (
    [
      "",
      `${dataset.uri}: ${count(dataset.lines)} lines, ${count(ledger.stored)} stored, ${count(ledger.rejected)} rejected`,
      ...(ledger.earlier > 0
        ? [`The table held ${count(ledger.earlier)} rows of other files, which are counted below too`]
        : []),
      `${count(customers)} customers in ${training.k} clusters (${training.job}, inertia ${training.inertia.toFixed(4)}):`,
      ...clusters.map(
        ({ cluster, name, customers: members, revenueShare }) =>
          `  ${cluster}  ${name.padEnd(width)}  ${count(members).padStart(6)} customers  ${percent(revenueShare).padStart(5)} % of revenue`,
      ),
      "",
      `Open ${show(html)}, or the notebook ${show(executed)}; the lists are in ${show(outputDirectory)}`,
    ]
      // From the beginning of white space only: tried at each of its characters, it takes the square of their number.
      .map((line) => printable(line.replace(/(?<!\s)\s*\n\s*/g, " ")))
      .join("\n")
  );
}
