import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "@jest/globals";
import { checkCells } from "../../local/notebook/check_cells.js";
import { linkPackagesWithFewTypes } from "../support/few_types.js";

const folder = mkdtempSync(join(tmpdir(), "exact-"));
linkPackagesWithFewTypes(folder);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const given = `
import { assignByBatchTransform, assignByEndpoint, trainKMeans } from "@keyspaces-segmentation/sagemaker-kmeans";
import { withEndpoint } from "@keyspaces-segmentation/sagemaker-kmeans/dist/endpoint";
import { type AwsSession, uploadFiles } from "@keyspaces-segmentation/aws-session";
import type { connectToKeyspaces } from "@keyspaces-segmentation/keyspaces-bulk";
import type { CustomersToAssign, Matrix } from "@keyspaces-segmentation/kmeans";
import { cleanUp } from "@keyspaces-segmentation/aws-cleanup";
import type { Preflight } from "keyspaces-segmentation/dist/src/preflight";
import type { Parameters } from "keyspaces-segmentation/dist/src/settings";
declare const aws: AwsSession;
declare const preflight: Preflight;
declare const parameters: Parameters;
declare const customers: CustomersToAssign;
declare const features: Matrix;
const { role, bucket } = preflight;
const { prefix, instanceType, kmsKey } = parameters;
declare const keyspaces: Awaited<ReturnType<typeof connectToKeyspaces>>;
const made = { run: "r", job: "j", dataFile: "f", keyspace: "k", table: "t" };
const hosted = { modelUri: "s3://b/model.tar.gz", role: role };
`;

/** What the kernel's compiler has against the last of these cells. */
function problemsOf(...cells: string[][]): string[] {
  const path = join(folder, "notebook.ipynb");
  const used =
    "console.log(assignByBatchTransform, assignByEndpoint, cleanUp, trainKMeans, uploadFiles, withEndpoint);";
  const first = `${given}${used}console.log(aws, customers, features, bucket, prefix, instanceType, kmsKey, hosted, keyspaces, made);`;
  const sources = [first, ...cells.map((calls) => calls.map((call) => `void ${call};`).join("\n"))];
  const written = sources.map((source, i) => ({ id: `cell-${i}`, cell_type: "code", source }));
  writeFileSync(path, JSON.stringify({ cells: written }));
  return checkCells(path);
}

test("what a request does not have is a type error in a cell, also where a spread brings it; what is given by name compiles", () => {
  const place = "bucket: bucket, prefix: prefix, instanceType: instanceType, ...(kmsKey && { outputKmsKey: kmsKey })";
  const byName = [
    `trainKMeans(aws, { features: features, k: 3, role: role, ${place}, instances: 2 })`,
    `assignByBatchTransform(aws, { ...hosted, customers: customers, ${place} })`,
    "assignByEndpoint(aws, { ...hosted, customers: customers })",
    "withEndpoint(aws, hosted, (ask) => ask(customers))",
    "uploadFiles(aws, { bucket: bucket, prefix: 'x/' }, ['a'], { kmsKey: kmsKey })",
    "cleanUp(keyspaces, aws, { ...made, bucket: bucket, prefix: prefix, cleanUp: false })",
  ];
  const bySpread = [
    "trainKMeans(aws, { ...parameters, ...preflight, features: features })",
    "assignByBatchTransform(aws, { ...parameters, ...preflight, ...hosted, customers: customers })",
    "assignByEndpoint(aws, { ...preflight, ...hosted, customers: customers })",
    "withEndpoint(aws, { ...parameters, ...hosted }, (ask) => ask(customers))",
    "uploadFiles(aws, { ...parameters, bucket: bucket }, ['a'])",
    "cleanUp(keyspaces, aws, { ...parameters, ...preflight, ...made })",
  ];
  const problems = problemsOf(byName, bySpread);
  const places = problems.map((problem) => /^Cell (cell-\d, \d):/.exec(problem)?.[1]);
  expect([...new Set(places)]).toEqual(bySpread.map((_, i) => `cell-2, ${i + 1}`));
  for (const of of places) {
    expect(problems).toContainEqual(expect.stringMatching(`^Cell ${of}:.* is not assignable to type 'never'\\.$`));
  }
});
