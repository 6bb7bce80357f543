import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { clustersCsv, customersCsv } from "@keyspaces-segmentation/cluster-store/dist/result_csv.js";
import { NOTEBOOK } from "@keyspaces-segmentation/local-support";
import { foreignFiles } from "../../../local/notebook/foreign_files.js";
import { clusteredCustomers } from "../../support/clustered_customers.js";

let out: string;
beforeEach(() => {
  out = mkdtempSync(join(tmpdir(), "results-"));
});
afterEach(() => rmSync(out, { recursive: true, force: true }));

test("what runs leave is theirs to replace, whole or broken off", () => {
  const { customers, clusters } = clusteredCustomers(50);
  writeFileSync(join(out, "customers.csv"), [...customersCsv(customers)].join(""));
  writeFileSync(join(out, "clusters.csv"), clustersCsv(clusters));
  writeFileSync(join(out, "rejects.csv"), "line_number,reason,line\n");
  writeFileSync(join(out, "segments.html"), "");
  writeFileSync(join(out, "customer_segmentation.html"), '<span>"keyspaces-segmentation"</span>');
  expect(foreignFiles(out, NOTEBOOK)).toEqual([]);
});

test("files of these names that no run has made are named, also in the folders below", () => {
  for (const folder of ["previous", "share"]) mkdirSync(join(out, folder));
  const theirs = ["clusters.csv", "summary.json", "previous/segments.html", "share/customers.csv"];
  for (const name of theirs) writeFileSync(join(out, name), "mine, not a run's");
  mkdirSync(join(out, "rejects.csv"));
  writeFileSync(join(out, "notes.txt"), "of another name");
  expect(foreignFiles(out, NOTEBOOK).sort()).toEqual([...theirs, "rejects.csv"].map((name) => join(out, name)).sort());
});

test("the notebook itself is no result", () => {
  expect(foreignFiles(dirname(NOTEBOOK), NOTEBOOK)).toEqual([NOTEBOOK]);
});
