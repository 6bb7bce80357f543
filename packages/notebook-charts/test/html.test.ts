import { runInNewContext } from "node:vm";
import { describe, expect, test } from "@jest/globals";
import { escapeHref, escapeHtml, scriptLiteral } from "@keyspaces-segmentation/notebook-charts/dist/html.js";

const HOSTILE = `</script><!--<b>"it's" & \\ \u2028\u2029`;

describe("escapeHtml", () => {
  test("leaves nothing that starts a tag, an entity or ends an attribute", () => {
    expect(escapeHtml(HOSTILE)).toBe("&lt;/script&gt;&lt;!--&lt;b&gt;&quot;it&#39;s&quot; &amp; \\ \u2028\u2029");
  });
});

describe("escapeHref", () => {
  test.each([
    ["customers.csv", "customers.csv"],
    ["../my out/a:b.csv", "../my out/a:b.csv"],
    ["https://example.org/?a=1&b=2", "https://example.org/?a=1&amp;b=2"],
    ["mailto:a@example.org", "mailto:a@example.org"],
    ['x" onclick="y', "x&quot; onclick=&quot;y"],
  ])("is the address: %s", (address, attribute) => {
    expect(escapeHref(address)).toBe(attribute);
  });

  test.each([
    "javascript:alert(1)",
    " JavaScript:alert(1)",
    "java\tscript:alert(1)",
    "java\nscript\u0000:alert(1)",
    "\u0001javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:x",
    "file:///etc/passwd",
  ])("is none where a click would not open a page: %j", (address) => {
    expect(escapeHref(address)).toBeUndefined();
  });
});

describe("scriptLiteral", () => {
  test("is the same value when run, and cannot end the script around it", () => {
    const literal = scriptLiteral({ text: [HOSTILE, null, 1.5] });
    expect(literal).not.toMatch(/[<>\u2028\u2029]/);
    expect(JSON.stringify(runInNewContext(`(${literal})`))).toBe(JSON.stringify({ text: [HOSTILE, null, 1.5] }));
  });
});
