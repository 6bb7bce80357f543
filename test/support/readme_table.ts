import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { ROOT } from "@keyspaces-segmentation/local-support";

type Mark = "✓" | "◐" | "✗";

/** A row of the tables in local/README.md. */
export interface Row {
  readonly name: string;
  readonly mark: Mark;
  readonly remark: string;
}

/** The rows between two headings. */
export function rowsBetween(from: string, to: string | undefined): Row[] {
  const readme = readFileSync(join(ROOT, "local", "README.md"), "utf8");
  const section = readme.slice(readme.indexOf(from), to === undefined ? undefined : readme.indexOf(to));
  return [...section.matchAll(/^\| (.*) \| ([✓◐✗]) \| ?(.*?) ?\|$/gmu)].map(([, name, mark, remark]) => ({
    name: name!,
    mark: mark as Mark,
    remark: remark!,
  }));
}

/** Shows that a row is true: tries it, or names the test that does, by its file below packages and its name. */
export type Shown = (() => Promise<unknown>) | readonly [file: string, ...names: string[]];

/** By mark, what shows that each row is true. */
export type Shows = Readonly<Record<Mark, Readonly<Record<string, Shown>>>>;

/** Tests that the rows are those that are shown, each under its own mark, and then each of them. */
export function testRows(rows: readonly Row[], shows: Shows): void {
  test.each(["✓", "◐", "✗"] as const)("%s stands before what it should, and before nothing else", (mark) => {
    const marked = rows.filter((row) => row.mark === mark).map(({ name }) => name);
    expect(marked.toSorted()).toEqual(Object.keys(shows[mark]).sort());
  });

  test("what is done in part says which part", () => {
    expect(rows.filter(({ mark, remark }) => mark === "◐" && remark === "")).toEqual([]);
  });

  const all = Object.entries(shows).flatMap(([mark, shown]) =>
    Object.entries(shown).map(([name, show]): [string, string, Shown] => [mark, name, show]),
  );
  test.each(all)("%s %s", async (_mark, _name, show) => {
    if (typeof show === "function") {
      await show();
      return;
    }
    const [file, ...names] = show;
    const text = readFileSync(join(ROOT, "packages", file), "utf8");
    expect(text).not.toMatch(/\b(test|describe)\.(skip|only|failing|todo)\b/);
    for (const name of names) expect(text).toMatch(testCalled(name));
  });
}

/** A test or a case of one, by its name. */
export const testCalled = (name: string): RegExp =>
  new RegExp(`(test|describe)?[([{]\\s*"${name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}"`);
