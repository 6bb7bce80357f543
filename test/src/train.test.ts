import { expect, test } from "@jest/globals";
import type { AwsSession } from "@keyspaces-segmentation/aws-session";
import { matrixOf } from "@keyspaces-segmentation/kmeans";
import type { Preflight } from "../../src/preflight.js";
import { readSettings } from "../../src/settings.js";
import { train } from "../../src/train.js";
import { usePrinted } from "../support/printed.js";

/** A session that can ask for nothing. */
const nobody = { region: "us-east-1" } as AwsSession;
const preflight = { role: "arn:aws:iam::123456789012:role/training", bucket: "bucket" } as Preflight;

const settings = readSettings({ dataBucket: "data", dataKey: "invoices.csv" }, {});

const printed = usePrinted();

test("fewer customers than clusters are refused before anything is sent, with what k can be", async () => {
  const five = matrixOf(Array.from({ length: 5 }, (_, i) => [i / 4, 0, 1 - i / 4]));
  await expect(train(nobody, preflight, { scaled: five, spark: null }, settings)).rejects.toMatchObject({
    message: "Could not find 6 clusters: there are 5 customers, so k can be 1 to 5.",
    hint: expect.stringContaining("`--param k=3`"),
  });
  expect(printed).toEqual([]);
});

test("that fewer customers differ than there are clusters is said, and trained all the same", async () => {
  const kinds = matrixOf(Array.from({ length: 18 }, (_, i) => [(i % 3) / 2, 0, 1 - (i % 3) / 2]));
  await expect(train(nobody, preflight, { scaled: kinds, spark: null }, settings)).rejects.toThrow();
  expect(printed[0]).toBe(
    "There are only 3 different customers: at most 3 clusters have customers in them, any others stay empty.",
  );
});
