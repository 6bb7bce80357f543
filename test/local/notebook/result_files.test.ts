import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { dropPrevious, setResultsAside } from "../../../local/notebook/result_files.js";

let out: string;
beforeEach(() => {
  out = mkdtempSync(join(tmpdir(), "results-"));
});
afterEach(() => rmSync(out, { recursive: true, force: true }));

const NOTEBOOK = "/somewhere/shop.ipynb";
const previous = () => join(out, "previous");

/** Leaves files in the folder that say which run they are of. */
function leave(run: string, ...names: string[]): void {
  for (const name of names) writeFileSync(join(out, name), run);
}

test("complete results are set aside together, and other files stay", () => {
  leave("first", "shop.ipynb", "shop.html", "customers.csv", "clusters.csv", "rejects.csv", "summary.json");
  leave("mine", "notes.txt", "other.ipynb");
  setResultsAside(out, NOTEBOOK);
  expect(readdirSync(out).sort()).toEqual(["notes.txt", "other.ipynb", "previous"]);
  expect(readdirSync(previous()).sort()).toEqual([
    "clusters.csv",
    "customers.csv",
    "rejects.csv",
    "shop.html",
    "shop.ipynb",
    "summary.json",
  ]);
});

test("one failing run after another does not lose the last complete results", () => {
  leave("good", "shop.ipynb", "customers.csv", "summary.json");
  setResultsAside(out, NOTEBOOK);
  leave("failed", "shop.ipynb", "rejects.csv");
  setResultsAside(out, NOTEBOOK);
  expect(readdirSync(out)).toEqual(["previous"]);
  expect(readFileSync(join(previous(), "shop.ipynb"), "utf8")).toBe("good");
});

test("newer complete results take the place of older ones, and nothing of those is mixed in", () => {
  leave("older", "shop.ipynb", "shop.html", "summary.json");
  setResultsAside(out, NOTEBOOK);
  leave("newer", "shop.ipynb", "summary.json");
  setResultsAside(out, NOTEBOOK);
  expect(readdirSync(previous()).sort()).toEqual(["shop.ipynb", "summary.json"]);
  expect(readFileSync(join(previous(), "summary.json"), "utf8")).toBe("newer");
});

test("the rejects of an ingest that can go on stay with its checkpoint", () => {
  leave("interrupted", "shop.ipynb", "rejects.csv", "ingest.checkpoint.json");
  setResultsAside(out, NOTEBOOK);
  expect(readdirSync(out).sort()).toEqual(["ingest.checkpoint.json", "rejects.csv"]);
});

test("what somebody else keeps in a folder of that name is not removed", () => {
  mkdirSync(previous());
  writeFileSync(join(previous(), "thesis.txt"), "");
  leave("first", "summary.json");
  setResultsAside(out, NOTEBOOK);
  dropPrevious(out, NOTEBOOK);
  expect(readdirSync(previous())).toEqual(["thesis.txt"]);
});
