import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { takePictures } from "../../../local/notebook/pictures.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "pictures-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A notebook whose cells show these pictures, among other things. */
function executed(pictures: Record<string, string | string[] | undefined>): string {
  const cells = Object.entries(pictures).map(([id, png]) => ({
    id,
    cell_type: "code",
    source: "1",
    outputs: [
      { output_type: "stream", name: "stdout", text: "words" },
      ...(png === undefined ? [] : [{ output_type: "display_data", data: { "image/png": png, "text/plain": "it" } }]),
    ],
  }));
  const file = join(folder, "executed.ipynb");
  writeFileSync(file, JSON.stringify({ cells }));
  return file;
}

const base64 = (text: string): string => Buffer.from(text).toString("base64");

test("takes the pictures of the two cells, whole or in lines", () => {
  const whole = base64("the profile, as bytes");
  const notebook = executed({
    other: base64("no"),
    scatter: base64("points"),
    profile: [whole.slice(0, 8), whole.slice(8)],
  });
  const docs = join(folder, "docs");
  expect(takePictures(notebook, docs)).toEqual([join(docs, "result.png"), join(docs, "clusters.png")]);
  expect(readFileSync(join(docs, "result.png"), "utf8")).toBe("points");
  expect(readFileSync(join(docs, "clusters.png"), "utf8")).toBe("the profile, as bytes");
});

test("says which cell has none, and writes nothing then", () => {
  const docs = join(folder, "docs");
  expect(() => takePictures(executed({ scatter: base64("points"), profile: undefined }), docs)).toThrow(
    /cell profile .* no picture: `npm start`/,
  );
  expect(existsSync(docs)).toBe(false);
});

test("says so where no notebook has run", () => {
  expect(() => takePictures(join(folder, "none.ipynb"), join(folder, "docs"))).toThrow(/There is no .*none\.ipynb/);
});
