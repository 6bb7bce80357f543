import { isAbsolute, join, sep } from "node:path";

/**
 * A link from the notebook to one of the results. An output folder that is given relative to the notebook is followed from there; with
 * any other the executed notebook lies in it, beside the results.
 */
export function linkToResult(
  name: string,
  { outputDirectory }: { outputDirectory: string },
): { text: string; href: string } {
  const path = isAbsolute(outputDirectory) ? name : join(outputDirectory, name);
  return { text: name, href: path.split(sep).map(encodeURIComponent).join("/") };
}
