import { expect, test } from "@jest/globals";
import { type XmlAttributes, XmlScanner } from "@keyspaces-segmentation/table-files/dist/workbook/xml_scanner.js";

/** What a scanner tells of these pieces, texts joined. */
function told(pieces: Iterable<string>, names: readonly string[] = []): string[] {
  const events: string[] = [];
  const scanner = new XmlScanner({
    open: (name: string, attributes: XmlAttributes) => {
      events.push([`<${name}`, ...names.map((each) => `${each}=${attributes.get(each)}`)].join(" "));
    },
    text: (text: string) => {
      if (events.at(-1)?.startsWith('"')) events.push((events.pop() ?? "") + text);
      else events.push(`"${text}`);
    },
    close: (name: string) => events.push(`/${name}`),
  });
  for (const piece of pieces) scanner.write(piece);
  scanner.end();
  return events;
}

const DOCUMENT =
  '\ufeff<?xml version="1.0"?>\r\n<!-- <not> read -->' +
  `<x:worksheet xmlns:x='urn:a>b'><x:row  r = "1" x:s='a "b"'><c/><c r="&lt;&#65;&#x1F381;"  />` +
  '<t xml:space="preserve"> a &amp; b\r\nc ]]&gt;</t><t><![CDATA[<b> & ]]]]><![CDATA[>]]></t\n></x:row ></x:worksheet>\n';

const TOLD = [
  "<worksheet r=undefined s=undefined",
  '<row r=1 s=a "b"',
  "<c r=undefined s=undefined",
  "/c",
  "<c r=<A🎁 s=undefined",
  "/c",
  "<t r=undefined s=undefined",
  '" a & b\nc ]]>',
  "/t",
  "<t r=undefined s=undefined",
  '"<b> & ]]>',
  "/t",
  "/row",
  "/worksheet",
];

test("prefixes, both quotes, spaces in tags, references, CDATA, comments", () => {
  expect(told([DOCUMENT], ["r", "s"])).toEqual(TOLD);
});

test("the pieces may be cut anywhere", () => {
  for (let length = 1; length < 12; length++) {
    const pieces = DOCUMENT.match(new RegExp(`[^]{1,${length}}`, "g")) ?? [];
    expect(told(pieces, ["r", "s"])).toEqual(TOLD);
  }
  for (let at = 0; at < DOCUMENT.length; at++) {
    expect(told([DOCUMENT.slice(0, at), DOCUMENT.slice(at)], ["r", "s"])).toEqual(TOLD);
  }
});

test.each([
  ["<a><b></a></b>", "it has </a> where <b> is open"],
  ["<a></aa>", "it has </aa> where <a> is open"],
  ["<aa></a>", "it has </a> where <aa> is open"],
  ["</a>", "it has </a> where <> is open"],
  ["<a>&who;</a>", "it has the reference &who;, which XML does not know"],
  ["<a>AT&T</a>", "it has the reference &, which XML does not know"],
  ["<a>&#x110000;</a>", "it has the reference &#x110000;, which XML does not know"],
  ["<a b=1/>", "it has an attribute without quotes"],
  ["<a><b>", "it ends within <b>"],
  ["<a", "it ends within a tag"],
  ["<>", "it has a tag without a name"],
])("%s: %s", (document, message) => {
  expect(() => told([document])).toThrow(message);
});

test("a document type is refused, and with it every entity that expands", () => {
  const laughs = '<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><l>&b;</l>';
  expect(() => told([laughs])).toThrow("it has a document type or entities of its own");
});

test("a tag without an end, and elements without one, are given up", () => {
  function* endless(): Generator<string> {
    for (;;) yield ` a="${"x".repeat(2 ** 20)}`;
  }
  const scanner = new XmlScanner({ open() {}, text() {}, close() {} });
  scanner.write("<a ");
  expect(() => {
    for (const piece of endless()) scanner.write(piece);
  }).toThrow("it has a tag, a comment or a text that does not end");
  expect(() => told(["<a>".repeat(10_000)])).toThrow("it has more than 256 elements within one another");
});
