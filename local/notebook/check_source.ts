import { type Cell, codeCells, type Notebook } from "./notebook_file.js";

const MOST_LINES = 15;
const MOST_LINES_OF_MEDIAN = 3;

/** Lines of a cell that hold something. */
const linesOf = ({ source }: Cell): number => source.split("\n").filter((line) => line.trim() !== "").length;

/** The median number of lines of the code cells. */
export function medianLines(notebook: Notebook): number {
  const counts = codeCells(notebook)
    .map(linesOf)
    .sort((a, b) => a - b);
  const middle = counts.length >> 1;
  if (counts.length === 0) return 0;
  return counts.length % 2 === 1 ? counts[middle]! : (counts[middle - 1]! + counts[middle]!) / 2;
}

/** The code cells that no prose stands right before. */
export function cellsWithoutProse({ cells }: Notebook): string[] {
  return cells.filter(({ type }, index) => type === "code" && cells[index - 1]?.type !== "markdown").map(nameOf);
}

/**
 * What is wrong with a notebook as it is committed: outputs, execution counts, another kernel, cell ids that a tool made up
 * or that occur twice, cells too long to be read at a glance, links to headings that are not there.
 */
export function checkSource(notebook: Notebook): string[] {
  const problems = [...checkIds(notebook), ...checkLinks(notebook), ...checkLengths(notebook)];
  if (notebook.kernel !== "tslab") problems.push(`The kernel is ${notebook.kernel ?? "not named"}, not tslab`);
  for (const cell of notebook.cells) {
    if (cell.outputs.length > 0) problems.push(`Cell ${nameOf(cell)} has outputs`);
    if (cell.executionCount !== null) problems.push(`Cell ${nameOf(cell)} has an execution count`);
  }
  return problems;
}

const nameOf = ({ id, source }: Cell): string => id ?? JSON.stringify(source.split("\n")[0]);

function checkIds({ cells }: Notebook): string[] {
  const problems: string[] = [];
  const seen = new Set<string>();
  for (const cell of cells) {
    const { id } = cell;
    // A word begins with a letter; what Jupyter makes up are eight hexadecimal digits, or a UUID.
    if (id === undefined || !/^[a-z]+(-[a-z0-9]+)*$/.test(id) || /^[0-9a-f]{8}(-|$)/.test(id)) {
      problems.push(`Cell ${nameOf(cell)} has no id that can be read`);
    } else if (seen.has(id)) problems.push(`Two cells have the id ${id}`);
    if (id !== undefined) seen.add(id);
  }
  return problems;
}

function checkLengths(notebook: Notebook): string[] {
  const problems = codeCells(notebook)
    .filter((cell) => linesOf(cell) > MOST_LINES)
    .map((cell) => `Cell ${nameOf(cell)} has ${linesOf(cell)} lines, more than ${MOST_LINES}`);
  const median = medianLines(notebook);
  if (median > MOST_LINES_OF_MEDIAN) {
    problems.push(`The median code cell has ${median} lines, more than ${MOST_LINES_OF_MEDIAN}`);
  }
  return problems;
}

/** Prose without its code blocks, in which # begins no heading. */
const proseOf = ({ cells }: Notebook): string[] =>
  cells.filter(({ type }) => type === "markdown").map(({ source }) => source.replace(/^(```|~~~).*?^\1/gms, ""));

/** JupyterLab's and nbconvert's anchor of a heading: its text, without marks, with hyphens for spaces. */
const anchorOf = (heading: string): string => heading.replace(/[*_`]/g, "").trim().replaceAll(" ", "-");

function checkLinks(notebook: Notebook): string[] {
  const prose = proseOf(notebook);
  const headings = prose.flatMap((text) => [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading]) => heading as string));
  const anchors = new Set(headings.map(anchorOf));
  const links = prose.flatMap((text) =>
    [...text.matchAll(/\]\(#([^\s]*?)\)(?!\))/g)].map(([, link]) => link as string),
  );
  return links
    .filter((link) => !anchors.has(decodeURIComponent(link)))
    .map((link) => `The link #${link} leads to no heading`);
}
