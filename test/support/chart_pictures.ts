import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { ROOT } from "@keyspaces-segmentation/local-support";

/** Where the picture of each chart lies. */
export const CHART_PICTURES: string = join(ROOT, "test/fixtures/charts");

const NEW = ".new.svg";

/** The names of the pictures in a folder, or those of the new ones there that nobody has accepted yet. */
export function picturesIn(folder: string, { proposed = false } = {}): string[] {
  const [end, other] = proposed ? [NEW, null] : [".svg", NEW];
  return readdirSync(folder)
    .filter((file) => file.endsWith(end) && (other === null || !file.endsWith(other)))
    .map((file) => file.slice(0, -end.length))
    .sort();
}

/**
 * Holds a picture against the one that is kept in `folder`. Where they differ, the new one is written beside the old one.
 *
 * @returns what differs, and what to do; null where nothing does
 */
export function comparePicture(folder: string, name: string, svg: string): string | null {
  const [kept, proposed] = [join(folder, `${name}.svg`), join(folder, `${name}${NEW}`)];
  const before = existsSync(kept) ? readFileSync(kept, "utf8") : null;
  if (svg === before) {
    rmSync(proposed, { force: true });
    return null;
  }
  writeFileSync(proposed, svg);
  const [files, command] = [[kept, proposed].map((path) => relative(ROOT, path)), "npm run charts:accept"];
  const advice = `look at ${files[1]}, and if that is right, \`${command}\``;
  if (before === null) return `There is no ${files[0]}: ${advice}`;
  const [old, drawn] = [before.split("\n"), svg.split("\n")];
  const at = drawn.findIndex((line, i) => line !== old[i]);
  return [`${files[0]} differs from line ${at + 1} on: ${advice}`, `- ${old[at] ?? ""}`, `+ ${drawn[at] ?? ""}`].join(
    "\n",
  );
}

/** Puts each new picture in the place of the old one; returns their names. */
export function acceptPictures(folder: string): string[] {
  const names = picturesIn(folder, { proposed: true });
  for (const name of names) renameSync(join(folder, `${name}${NEW}`), join(folder, `${name}.svg`));
  return names;
}
