import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { NOTEBOOK, PYTHON } from "@keyspaces-segmentation/local-support";
import { runNotebook } from "../../local/notebook/run_notebook.js";
import { freePort } from "../support/free_port.js";

const folder = mkdtempSync(join(tmpdir(), "notebook-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the notebook against the stack of the test run, with some of its surroundings changed. */
async function run(name: string, changes: NodeJS.ProcessEnv) {
  const outputDirectory = join(folder, name);
  const environment = {
    ...process.env,
    SEGMENTATION_HEADLESS: "1",
    SEGMENTATION_OUTPUT_DIRECTORY: outputDirectory,
    SEGMENTATION_PREFIX: "notebook",
    // A run that fails does not get to its clean-up.
    TMPDIR: folder,
  };
  const cells: string[] = [];
  const result = await runNotebook({
    python: PYTHON,
    notebook: NOTEBOOK,
    outputDirectory,
    environment: { ...environment, ...changes },
    onCell: ({ title }) => cells.push(title),
  });
  return { ...result, cells, summary: JSON.parse(readFileSync(join(outputDirectory, "summary.json"), "utf8")) };
}

test("a second run on the same day continues with the keyspace that is there", async () => {
  const first = await run("first", { SEGMENTATION_CLEAN_UP: "false" });
  const second = await run("second", {});
  expect(second.summary.ledger).toEqual(first.summary.ledger);
  expect(second.summary.clusters).toEqual(first.summary.clusters);
  expect(readFileSync(second.executed, "utf8")).toContain("was there already");
});

const header = "Invoice,StockCode,Description,Quantity,InvoiceDate,Price,Customer ID,Country";

/** Environment of a run whose data object has this content. */
async function withData(name: string, content: string): Promise<NodeJS.ProcessEnv> {
  const s3 = new S3Client({});
  const Bucket = process.env.SEGMENTATION_DATA_BUCKET;
  await s3.send(new PutObjectCommand({ Bucket, Key: name, Body: Buffer.from(content) }));
  s3.destroy();
  return { SEGMENTATION_DATA_KEY: name };
}

describe("each thing that can be wrong is said in one clear line", () => {
  let port: number;
  beforeAll(async () => {
    port = await freePort();
  });

  test.each<{ name: string; changes: () => NodeJS.ProcessEnv | Promise<NodeJS.ProcessEnv>; says: RegExp }>([
    {
      name: "no credentials",
      changes: () => ({
        AWS_ACCESS_KEY_ID: undefined,
        AWS_SECRET_ACCESS_KEY: undefined,
        AWS_SESSION_TOKEN: undefined,
        AWS_SHARED_CREDENTIALS_FILE: join(folder, "none"),
        AWS_CONFIG_FILE: join(folder, "none"),
      }),
      says: /credentials/i,
    },
    { name: "a wrong region", changes: () => ({ AWS_REGION: "eu-west-1" }), says: /region/i },
    {
      name: "an unreachable endpoint of Keyspaces",
      changes: () => ({ KEYSPACES_ENDPOINT: `localhost:${port}` }),
      says: /Could not connect to Amazon Keyspaces at localhost:\d+.*ECONNREFUSED/,
    },
    {
      name: "an unreachable AWS endpoint",
      changes: () => ({ AWS_ENDPOINT_URL: `http://127.0.0.1:${port}` }),
      says: /ECONNREFUSED/,
    },
    { name: "a missing data file", changes: () => ({ SEGMENTATION_DATA_KEY: "nowhere.csv" }), says: /nowhere\.csv/ },
    { name: "an empty data file", changes: () => withData("empty.csv", ""), says: /it is empty/ },
    {
      name: "a wrong header",
      changes: () => withData("header.csv", "a,b,c\n1,2,3\n"),
      says: /no column Invoice or InvoiceNo, StockCode/,
    },
    {
      name: "a header and no lines",
      changes: () => withData("no-lines.csv", `${header}\n`),
      says: /has a header and no line below it/,
    },
    {
      name: "an instance type that SageMaker refuses",
      // The first run above has left a training with these data and settings, which would be taken.
      changes: () => ({ SEGMENTATION_INSTANCE_TYPE: "ml.none.large", SEGMENTATION_REUSE: "false" }),
      says: /Could not start the training job .*ml\.none\.large/,
    },
    {
      name: "more clusters than customers",
      changes: () => ({ SEGMENTATION_K: "5000" }),
      says: /Expected `k` to be an integer from 1 to \d+, got 5000/,
    },
    { name: "a parameter that does not exist", changes: () => ({ SEGMENTATION_KK: "5" }), says: /SEGMENTATION_KK/ },
  ])("$name", async ({ name, changes, says }) => {
    const failure = await run(name.replaceAll(" ", "-"), await changes()).catch((error: Error) => error.message);
    expect(failure).toMatch(says);
    expect(failure).not.toMatch(/^\s+at /m);
    expect((failure as string).split("\n").length).toBeLessThanOrEqual(2);
  });
});
