/**
 * An SVG by Plotly as text that is the same in every run and on every machine, and that can be compared line by line: coordinates
 * have two decimals, the numbers that Plotly draws by lot for its ids and traces are left out, and each element stands in its own line.
 */
export function steadySvg(svg: string): string {
  const uid = /id="defs-([0-9a-f]{6})"/.exec(svg)?.[1] ?? "";
  return svg
    .replaceAll(uid, "")
    .replace(/(?<=class="[^"]*trace)[0-9a-f]{6}(?=[ "])/g, "")
    .replace(/<[^>]*>/g, (tag) => tag.replace(/-?\d*\.?\d+e-?\d+|-?\d*\.\d+/g, twoDecimals))
    .replace(/<text[\s\S]*?<\/text>|>(?=<)/g, "$&\n")
    .concat("\n");
}

const twoDecimals = (number: string): string => String(Math.round(Number(number) * 100) / 100 || 0);
