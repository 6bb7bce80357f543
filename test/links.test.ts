import { readdirSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { ROOT } from "@keyspaces-segmentation/local-support";
import { readNotebook } from "../local/notebook/notebook_file.js";
import {
  brokenLinks,
  githubAnchor,
  joinPages,
  jupyterAnchor,
  type MarkdownPage,
  parsePage,
  type Repository,
} from "./support/markdown_links.js";

/** What a run leaves in this folder, which a clone of the repository does not have. */
const LEFT_OUT = new Set([".git", ...readFileSync(join(ROOT, ".gitignore"), "utf8").split(/\/?\n/)]);

/** The files and folders of the repository, by path. */
const pathsIn = (folder: string): string[] =>
  readdirSync(join(ROOT, folder), { withFileTypes: true })
    .filter(({ name }) => !LEFT_OUT.has(name))
    .flatMap((entry) => {
      const path = posix.join(folder, entry.name);
      return entry.isDirectory() ? [path, ...pathsIn(path)] : [path];
    });

function pageOf(path: string): MarkdownPage | null {
  if (path.endsWith(".md")) return parsePage(readFileSync(join(ROOT, path), "utf8"), githubAnchor);
  if (!path.endsWith(".ipynb")) return null;
  const prose = readNotebook(join(ROOT, path)).cells.filter(({ type }) => type === "markdown");
  return joinPages(prose.map(({ source }) => parsePage(source, jupyterAnchor)));
}

function readRepository(): Repository {
  const paths = pathsIn("");
  const pages = paths.flatMap((path) => {
    const page = pageOf(path);
    return page === null ? [] : [[path, page] as const];
  });
  return { paths: new Set(paths), pages: new Map(pages) };
}

describe("the READMEs and the notebook", () => {
  const repository = readRepository();
  const pages = [...repository.pages.keys()];

  test("are looked at, all of them", () => {
    expect(pages).toEqual(
      expect.arrayContaining([
        "README.md",
        "bench/README.md",
        "local/README.md",
        "notebooks/customer_segmentation.ipynb",
      ]),
    );
    expect([...repository.pages.values()].flatMap(({ links }) => links).length).toBeGreaterThan(20);
  });

  test.each(pages)("%s leads nowhere that is not there", (path) => {
    expect(brokenLinks(path, repository)).toEqual([]);
  });
});

describe("a link", () => {
  const problems = (markdown: string, anchorOf = githubAnchor) =>
    brokenLinks("docs/README.md", {
      paths: new Set(["docs", "docs/README.md", "docs/a b.png", "src", "src/index.ts", "README.md"]),
      pages: new Map([
        ["docs/README.md", parsePage(markdown, anchorOf)],
        ["README.md", parsePage("# What is *AWS*, and what is `local`?\n# Twice\n# Twice", githubAnchor)],
      ]),
    });

  test.each([
    "[up](../README.md) [there](../README.md#what-is-aws-and-what-is-local) [second](../README.md#twice-1)",
    "# Die Größe: 1/2\n[here](#die-größe-12) [picture](a%20b.png) ![of it](<a b.png>)",
    '<a id="own"></a> [here](#own) <img src="a%20b.png">',
    "[door](../src/index.ts) [folder](../src/) `src/index.ts` and `application/json`",
    "[AWS](https://aws.amazon.com/keyspaces/), <https://doi.org/10.24432/C5CG6D>, [named][one]\n\n[one]: https://nodejs.org",
    "```\n[no link](missing.md)\n```\n`[none](missing.md)` and `[a][b]`",
  ])("that leads somewhere is fine: %j", (markdown) => {
    expect(problems(markdown)).toEqual([]);
  });

  test.each([
    ["[file](missing.md)", /missing\.md leads to docs\/missing\.md, which is not in the repository/],
    ["[case](../readme.md)", /which is not in the repository/],
    ["![picture](a.png)", /a\.png leads to docs\/a\.png/],
    ['<img alt="" src="gone.png">', /gone\.png/],
    ["| a |\n|---|\n| [in a table](gone.md) |", /gone\.md/],
    ["[named][one]\n\n[one]: gone.md", /gone\.md/],
    ["[heading](#nowhere)", /#nowhere leads to no heading/],
    ["[heading](../README.md#twice-2)", /#twice-2 leads to no heading/],
    ["```\n# Not\n```\n[heading](#not)", /#not leads to no heading/],
    ["[code](../src/index.ts#L10)", /has no headings/],
    ["[out](../../other/README.md)", /leads out of the repository/],
    ["[root](/README.md)", /leads out of the repository/],
    ["[undefined][name]", /\[name\] is not defined/],
    ["[plain](http://aws.amazon.com)", /no public address with https/],
    ["https://localhost:8888/lab", /no public address with https/],
    ["[mine](https://127.0.0.1/)", /no public address with https/],
    ["[file](file:///etc/hosts)", /no public address with https/],
    ["[typo](https:/aws.amazon.com)", /no public address with https/],
    ["`src/gone.ts` was moved", /`src\/gone\.ts` is not in the repository/],
  ])("that leads nowhere is named: %j", (markdown, problem) => {
    expect(problems(markdown)).toEqual([expect.stringMatching(problem)]);
  });

  test("to a heading of a notebook is as Jupyter writes it", () => {
    const notebook = "# 1. Preflight: *who* am I?\n";
    expect(problems(`${notebook}[step](#1.-Preflight:-who-am-I?)`, jupyterAnchor)).toEqual([]);
    expect(problems(`${notebook}[step](#1-preflight-who-am-i)`, jupyterAnchor)).toHaveLength(1);
  });
});
