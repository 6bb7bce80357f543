import { posix } from "node:path";
import MarkdownIt from "markdown-it";

/** A Markdown text, as much of it as links are about. */
export interface MarkdownPage {
  /** Where links and pictures lead to, decoded; those in HTML too. */
  readonly links: readonly string[];
  /** `[text][name]` without a definition of that name, which a reader sees as it is written. */
  readonly undefinedNames: readonly string[];
  /** What is marked as code within sentences, such as a path. */
  readonly code: readonly string[];
  /** What a `#…` may lead to. */
  readonly anchors: ReadonlySet<string>;
}

/** The files of a repository and its folders, by path from its root, and the pages among them. */
export interface Repository {
  readonly paths: ReadonlySet<string>;
  readonly pages: ReadonlyMap<string, MarkdownPage>;
}

const parser = new MarkdownIt({ html: true, linkify: true });
// Only what has a scheme is an address: `setup.mjs` is none.
parser.linkify.set({ fuzzyLink: false, fuzzyEmail: false });
// Also what a page would rather not show as a link is one that somebody wrote.
parser.validateLink = () => true;

/** Anchors as GitHub makes them: https://docs.github.com/en/get-started/writing-on-github (section links). */
export const githubAnchor = (heading: string): string =>
  heading
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, "")
    .replaceAll(" ", "-");

/** Anchors as JupyterLab and nbconvert make them. */
export const jupyterAnchor = (heading: string): string => heading.trim().replaceAll(" ", "-");

export function parsePage(markdown: string, anchorOf: (heading: string) => string): MarkdownPage {
  const tokens = parser.parse(markdown, {});
  const inline = tokens.flatMap(({ children }) => children ?? []);
  const html = [...tokens, ...inline].flatMap(({ type, content }) => (type.startsWith("html_") ? [content] : []));
  const attributes = (pattern: RegExp) => html.flatMap((tag) => [...tag.matchAll(pattern)].map(([, value]) => value!));
  const anchors = new Set(attributes(/\s(?:id|name)\s*=\s*["']([^"']+)["']/gi));
  for (const [at, { type }] of tokens.entries()) {
    if (type !== "heading_open") continue;
    const words = (tokens[at + 1]?.children ?? []).filter((token) => /^(text|code_inline)$/.test(token.type));
    const anchor = anchorOf(words.map(({ content }) => content).join(""));
    let unique = anchor;
    for (let again = 1; anchors.has(unique); again++) unique = `${anchor}-${again}`;
    anchors.add(unique);
  }
  return {
    links: [
      ...inline.flatMap((token) => token.attrGet("href") ?? token.attrGet("src") ?? []),
      ...attributes(/\s(?:href|src)\s*=\s*["']([^"']+)["']/gi),
    ].map((link) => decodeURI(String(link))),
    undefinedNames: inline.flatMap(({ type, content }) =>
      type === "text" ? [...content.matchAll(/\][ ]?\[([^\]]+)\]/g)].map(([, name]) => name!) : [],
    ),
    code: inline.flatMap(({ type, content }) => (type === "code_inline" ? [content] : [])),
    anchors,
  };
}

/** Pages that are one to their reader, such as the cells of a notebook. */
export const joinPages = (pages: readonly MarkdownPage[]): MarkdownPage => ({
  links: pages.flatMap(({ links }) => links),
  undefinedNames: pages.flatMap(({ undefinedNames }) => undefinedNames),
  code: pages.flatMap(({ code }) => code),
  anchors: new Set(pages.flatMap(({ anchors }) => [...anchors])),
});

/** What is wrong with the links of a page, a sentence each: it is `path` in the repository. */
export function brokenLinks(path: string, repository: Repository): string[] {
  const page = repository.pages.get(path)!;
  return [
    ...page.links.flatMap((link) => problemOf(link, path, repository) ?? []),
    ...page.undefinedNames.map((name) => `[…][${name}] is not defined`),
    ...page.code
      .filter((code) => namesNothing(code, path, repository))
      .map((code) => `\`${code}\` is not in the repository`),
  ].map((problem) => `${path}: ${problem}`);
}

function problemOf(link: string, from: string, { paths, pages }: Repository): string | null {
  if (/^[a-z][a-z0-9+.-]*:|^\/\//i.test(link)) return addressProblem(link);
  const [target = "", anchor] = link.split("#");
  const path = target === "" ? from : posix.join(posix.dirname(from), target).replace(/\/$/, "");
  if (target.startsWith("/") || path.startsWith("..")) return `${link} leads out of the repository`;
  if (!paths.has(path)) return `${link} leads to ${path}, which is not in the repository`;
  if (anchor === undefined) return null;
  const page = pages.get(path);
  if (page === undefined) return `${link} leads into ${path}, which has no headings`;
  return page.anchors.has(anchor) ? null : `${link} leads to no heading`;
}

function addressProblem(link: string): string | null {
  const url = URL.canParse(link) ? new URL(link) : null;
  // A host of the public network has a dot, and no port or password.
  const isPublic = url !== null && /^[^.]+(\.[^.]+)+$/.test(url.hostname) && !/^[\d.]+$/.test(url.hostname);
  const isPlain = url?.protocol === "https:" && url.port === "" && url.username === "";
  return isPublic && isPlain && /^https:\/\/[^/\s]\S*$/.test(link) ? null : `${link} is no public address with https`;
}

/** Whether code looks like a path below a folder that there is, from the root or from the page's own folder, and nothing is there. */
function namesNothing(code: string, from: string, { paths }: Repository): boolean {
  if (!/^[\w.-]+(\/[\w.-]+)+\/?$/.test(code)) return false;
  const places = ["", posix.dirname(from)].map((folder) => posix.join(folder, code).replace(/\/$/, ""));
  const folders = ["", posix.dirname(from)].map((folder) => posix.join(folder, code.split("/")[0]!));
  return folders.some((folder) => paths.has(folder)) && !places.some((place) => paths.has(place));
}
