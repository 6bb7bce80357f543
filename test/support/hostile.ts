/**
 * Texts of strangers, each of which does something where it is taken for more than text. Wherever one runs, it calls `hacked()`.
 * Newlines are left out: a name that has one is two lines in a terminal, and says so by itself.
 */
export const HOSTILE: Readonly<Record<string, string>> = {
  script: "<script>hacked('script')</script>",
  image: `"'><img src=x onerror="hacked('image')">`,
  vector: "<svg/onload=hacked('svg')><a xlink:href='javascript:hacked(1)'>",
  endOfScript: "</script><script>hacked('end')</script>",
  comment: "<!--<script>hacked('comment')//-->",
  endOfCode: "x`<img src=x onerror=hacked('code')>`.csv",
  address: "javascript:hacked('address')",
  markdown: "[a](javascript:hacked('link)) ![i](http://evil.test/i.png) **bold** <http://evil.test/> | --- |",
  entities: "&lt;img src=x onerror=hacked('entity')&gt; &#60;b&#62; &amp;amp; %3Cb%3E",
  plotly: "<b>b</b><br><a href='http://evil.test/' popup='width=1'>a</a><sup>s</sup><extra>x</extra>",
  template: "%{customdata} %{meta[0]} %{fullData.name} %{x} {{hacked(1)}}",
  tex: "$\\href{javascript:hacked('tex')}{x}$ \\(\\unicode{x41}\\)",
  terminal: "\u001b[31mred\u001b[0m \u001b]0;title\u0007 \u009b2J \b\b\u0000end",
  direction: "invoice\u202Evsc.exe\u2066\u200f",
  lineSeparators: "a\u2028b\u2029c",
  formula: '=HYPERLINK("http://evil.test")',
  long: `long-${"x".repeat(20_000)}`,
};

/** A control character, or a mark that turns the direction of writing. */
export const UNSEEN = /[^\P{Cc}\t\n]|[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;

/** Answers, in a page, with the elements that can only have come out of such a text; not with those after an element of this id. */
export const strangers = (except = "none"): string => `[...document.querySelectorAll("body *")].filter((element) => {
  if (element.closest("#${except}, #${except} ~ *") || element.closest(".jp-Cell-inputWrapper")) return false;
  const { localName, attributes } = element;
  if ([...attributes].some(({ name }) => /^on/.test(name))) return true;
  if (/^(iframe|object|embed|form|base|meta|link|sup|sub|extra)$/.test(localName)) return true;
  if (localName === "img") return !/^data:image\\/png;base64,/.test(element.getAttribute("src"));
  const leadsAway = /^[\\s\\p{Cc}]*([^/?#:]*:|\\/\\/)/u;
  return localName === "a" && !element.closest(".modebar, .jp-MarkdownCell") && leadsAway.test(element.getAttribute("href") ?? "");
}).map((element) => element.outerHTML.slice(0, 200))`;
