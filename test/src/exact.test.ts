import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "@jest/globals";
import { checkCells } from "../../local/notebook/check_cells.js";
import { ROOT } from "../../local/paths.js";

mkdirSync(join(ROOT, ".local"), { recursive: true });
const folder = mkdtempSync(join(ROOT, ".local", "exact-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const given = `
import { assignByBatchTransform, assignByEndpoint, trainKMeans, uploadFiles, withEndpoint } from "keyspaces-segmentation";
import type { AwsSession, CustomersToAssign, Matrix, Parameters, Preflight } from "keyspaces-segmentation";
declare const aws: AwsSession;
declare const account: Preflight;
declare const parameters: Parameters;
declare const customers: CustomersToAssign;
declare const features: Matrix;
const { role, bucket } = account;
const { prefix, instanceType, kmsKey } = parameters;
const hosted = { modelUri: "s3://b/model.tar.gz", role: role };
`;

/** What the kernel's compiler has against these calls, one a line. */
function problemsOf(...calls: string[]): string[] {
  const path = join(folder, "notebook.ipynb");
  const used = "console.log(assignByBatchTransform, assignByEndpoint, trainKMeans, uploadFiles, withEndpoint);";
  const source = [`${given}console.log(aws, customers, features, bucket, prefix, instanceType, kmsKey, hosted);`, used];
  const cells = [source.join("\n"), calls.map((call) => `void ${call};`).join("\n")];
  writeFileSync(
    path,
    JSON.stringify({ cells: cells.map((cell, i) => ({ id: `cell-${i}`, cell_type: "code", source: cell })) }),
  );
  return checkCells(path);
}

test("requests whose properties are given by name compile in a cell", () => {
  const place = "bucket: bucket, prefix: prefix, instanceType: instanceType, ...(kmsKey && { outputKmsKey: kmsKey })";
  expect(
    problemsOf(
      `trainKMeans(aws, { features: features, k: 3, role: role, ${place}, instances: 2 })`,
      `assignByBatchTransform(aws, { ...hosted, customers: customers, ${place} })`,
      "assignByEndpoint(aws, { ...hosted, customers: customers })",
      "withEndpoint(aws, hosted, (ask) => ask(customers))",
      "uploadFiles(aws, { bucket: bucket, prefix: 'x/' }, ['a'], { kmsKey: kmsKey })",
    ),
  ).toEqual([]);
});

test("a spread that brings more than a request has is a type error in a cell", () => {
  const calls = [
    "trainKMeans(aws, { ...parameters, ...account, features: features })",
    "assignByBatchTransform(aws, { ...parameters, ...account, ...hosted, customers: customers })",
    "assignByEndpoint(aws, { ...account, ...hosted, customers: customers })",
    "withEndpoint(aws, { ...parameters, ...hosted }, (ask) => ask(customers))",
    "uploadFiles(aws, { ...parameters, bucket: bucket }, ['a'])",
  ];
  expect(problemsOf(...calls)).toEqual(calls.map((_, i) => expect.stringMatching(`^Cell cell-1, ${i + 1}:.*Exact<`)));
});
