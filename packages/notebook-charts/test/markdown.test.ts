import { afterEach, beforeEach, describe, expect, jest, test } from "@jest/globals";
import { StepError } from "@keyspaces-segmentation/common";
import type { Bundle } from "@keyspaces-segmentation/notebook-charts/dist/display.js";
import { markdown, text, warn } from "@keyspaces-segmentation/notebook-charts/dist/markdown.js";
import { HOSTILE } from "../../../test/support/hostile.js";

/** What `work` shows. */
function outputsOf(work: () => void): Bundle[] {
  const outputs: Bundle[] = [];
  const display = require("@keyspaces-segmentation/notebook-charts/dist/display.js") as {
    show: (bundle: Bundle) => void;
  };
  jest.spyOn(display, "show").mockImplementation((bundle) => void outputs.push(bundle));
  work();
  return outputs;
}

let shown: string[];
beforeEach(() => {
  shown = [];
  jest.spyOn(console, "log").mockImplementation((line: string) => {
    shown.push(line);
  });
});
afterEach(() => {
  jest.restoreAllMocks();
});

test("a sentence reads without its markup where none is shown, with its numbers worded", () => {
  markdown`**${541909} customers** are in \`${"shop"}\`, ${1_234_567.5} in all.`;
  markdown`Two lines of a cell
    are one sentence.`;
  expect(shown).toEqual([
    "541,909 customers are in shop, 1,234,567.5 in all.",
    "Two lines of a cell are one sentence.",
  ]);
});

test("a parameter that a remark names is code, and nothing else in it", () => {
  const remark = "`A` has 78 invoices: if it stands for `guests` & co, set the parameter `nobody` to `A`.";
  const [output] = outputsOf(() => markdown`${remark}`);
  expect(output?.["text/html"]).toBe(
    "<p>`A` has 78 invoices: if it stands for `guests` &amp; co, set the parameter <code>nobody</code> to `A`.</p>",
  );
});

test.each([
  [541909, "541,909"],
  [0.1 + 0.2, "0.3"],
  [94.909, "94.91"],
  [-2, "−2"],
  [Number.NaN, "–"],
  [new Date("2026-11-28T00:00:00Z"), "2026-11-28"],
  [new Date("2026-11-28T17:05:00Z"), "2026-11-28 17:05"],
  [new Date(Number.NaN), "–"],
  ["two\nlines", "two lines"],
])("%p reads as %p", (value, words) => {
  expect(text`(${value})`).toBe(`(${words})`);
});

test("a string is no sentence: what is in it would be data taken for markup", () => {
  // @ts-expect-error As whoever writes a cell might call it.
  expect(() => markdown("**3 customers**")).toThrow();
  expect(shown).toEqual([]);
});

describe("as a page", () => {
  const inside = (show: () => void): string => {
    const [output] = outputsOf(show);
    const [, html] = /<p>(.*)<\/p>/s.exec(output?.["text/html"] ?? "") ?? [];
    return html as string;
  };

  test("the author's marks are bold and code, in any order, and closed where the author forgot to", () => {
    expect(inside(() => markdown`**${3} in \`${"a"}\`** and \`2 ** ${4} ** 5\` and **${"open"} \`${"too"}`)).toBe(
      "<strong>3 in <code>a</code></strong> and <code>2 ** 4 ** 5</code> and <strong>open <code>too</code></strong>",
    );
  });

  test("what the author wrote is text but for these marks", () => {
    expect(inside(() => markdown`a < b & c > <i>d</i> [e](f)`)).toBe(
      "a &lt; b &amp; c &gt; &lt;i&gt;d&lt;/i&gt; [e](f)",
    );
  });

  test.each(Object.entries(HOSTILE))("a value is only text, wherever it stands: %s", (_, value) => {
    const html = inside(() => markdown`A ${value}, **a ${value}** and \`a ${value}\`.`);
    expect(html.match(/<[^>]*>?/g)).toEqual(["<strong>", "</strong>", "<code>", "</code>"]);
    expect(html.replace(/&(amp|lt|gt|quot|#39);/g, "")).not.toMatch(/[&<>"'](?!\/?(strong|code)>)(?<!(strong|code)>)/);
    expect(html).not.toMatch(/[\p{Cc}\u202e\u2066\u200f]/u);
  });

  test("it comes as a page and as text, and never as Markdown, which nobody can be sure to escape", () => {
    const [output] = outputsOf(() => markdown`**${3}** <b>`);
    expect(Object.keys(output ?? {}).sort()).toEqual(["text/html", "text/plain"]);
    expect(output?.["text/plain"]).toBe("3 <b>");
  });
});

test("a warning says what has failed and, if there is something, what to do", () => {
  warn(new StepError({ tried: "delete the model m", got: "AccessDenied", hint: "Remove it by hand: aws …" }));
  warn(new StepError({ tried: "delete the model m", got: "AccessDenied" }));
  expect(shown).toEqual([
    "Could not delete the model m: AccessDenied.\nRemove it by hand: aws …",
    "Could not delete the model m: AccessDenied.",
  ]);
});

test.each(Object.entries(HOSTILE))("a warning is text alone, whatever a service has answered: %s", (_, got) => {
  expect(outputsOf(() => warn({ message: got, hint: got })).map(Object.keys)).toEqual([["text/plain"]]);
  jest.restoreAllMocks();
  jest.spyOn(console, "log").mockImplementation((line: string) => void shown.push(line));
  warn({ message: got, hint: got });
  expect(shown.join()).not.toMatch(/[^\P{Cc}\n]|[\u202e\u2066\u200f]/u);
});
