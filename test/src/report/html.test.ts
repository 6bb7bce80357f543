import { runInNewContext } from "node:vm";
import { describe, expect, test } from "@jest/globals";
import { escapeHtml, scriptLiteral } from "../../../src/report/html.js";

const HOSTILE = `</script><!--<b>"it's" & \\ \u2028\u2029`;

describe("escapeHtml", () => {
  test("leaves nothing that starts a tag, an entity or ends an attribute", () => {
    expect(escapeHtml(HOSTILE)).toBe("&lt;/script&gt;&lt;!--&lt;b&gt;&quot;it&#39;s&quot; &amp; \\ \u2028\u2029");
  });
});

describe("scriptLiteral", () => {
  test("is the same value when run, and cannot end the script around it", () => {
    const literal = scriptLiteral({ text: [HOSTILE, null, 1.5] });
    expect(literal).not.toMatch(/[<>\u2028\u2029]/);
    expect(JSON.stringify(runInNewContext(`(${literal})`))).toBe(JSON.stringify({ text: [HOSTILE, null, 1.5] }));
  });
});
