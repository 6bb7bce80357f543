import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { signIn } from "@keyspaces-segmentation/aws-session";
import { loadFile } from "@keyspaces-segmentation/invoice-store/dist/load_file.js";
import { NOTEBOOK } from "@keyspaces-segmentation/local-support";
import { trainKMeans } from "@keyspaces-segmentation/sagemaker-kmeans";
import { preflight } from "../../src/preflight.js";
import { downloadRetailData } from "../../src/retail_data.js";
import { readSettings } from "../../src/settings.js";
import { runCells } from "../support/cells.js";
import { freePort } from "../support/free_port.js";
import { invoiceFile } from "../support/invoice_files.js";
import { withKeyspace } from "../support/keyspaces.js";
import { generatedCsv } from "../support/retail.js";

const folder = mkdtempSync(join(tmpdir(), "notebook-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What the notebook says when it is run against the stack of the test run, with some of its surroundings changed. */
async function failureOf(name: string, changes: NodeJS.ProcessEnv): Promise<string> {
  const outputDirectory = join(folder, name);
  const environment = {
    ...process.env,
    SEGMENTATION_HEADLESS: "1",
    SEGMENTATION_OUTPUT_DIRECTORY: outputDirectory,
    SEGMENTATION_KEYSPACE: "notebook_fails",
    SEGMENTATION_PREFIX: "notebook",
    // A run that fails does not get to its clean-up.
    TMPDIR: folder,
    ...changes,
  };
  return runCells({ notebook: NOTEBOOK, outputDirectory, environment }).then(
    () => "nothing: it ran to its end",
    (error: Error) => error.message.trimEnd(),
  );
}

const header = "Invoice,StockCode,Description,Quantity,InvoiceDate,Price,Customer ID,Country";

/** Puts an object with this content where the notebook looks for its data. */
async function putData(Key: string, content: string): Promise<void> {
  const s3 = new S3Client({});
  await s3.send(
    new PutObjectCommand({ Bucket: process.env.SEGMENTATION_DATA_BUCKET, Key, Body: Buffer.from(content) }),
  );
  s3.destroy();
}

/** Holds for whatever a reader sees: what was not possible, in a line, perhaps with what to do in another, and no stack. */
function expectClear(said: string, says: RegExp): void {
  expect(said).toMatch(says);
  expect(said).not.toMatch(/^\s+at /m);
  expect(said.split("\n").length).toBeLessThanOrEqual(2);
}

let port: number;
beforeAll(async () => {
  port = await freePort();
  await putData("few.csv", generatedCsv());
});

describe("each thing that can be wrong is said in one clear line: in the notebook", () => {
  test.each<{ name: string; changes: () => NodeJS.ProcessEnv; says: RegExp }>([
    { name: "a parameter that does not exist", changes: () => ({ SEGMENTATION_KK: "5" }), says: /SEGMENTATION_KK/ },
    {
      name: "an unreachable endpoint of Keyspaces",
      changes: () => ({ KEYSPACES_ENDPOINT: `localhost:${port}` }),
      says: /Could not connect to Amazon Keyspaces at localhost:\d+.*ECONNREFUSED/,
    },
    {
      name: "more clusters than customers",
      changes: () => ({ SEGMENTATION_K: "5000", SEGMENTATION_DATA_KEY: "few.csv" }),
      says: /there are \d+ customers, so k can be 1 to \d+/,
    },
  ])("$name", async ({ name, changes, says }) => {
    expectClear(await failureOf(name.replaceAll(" ", "-"), changes()), says);
  });
});

describe("each thing that can be wrong is said in one clear line: by the helpers that a cell calls", () => {
  const it = withKeyspace();
  let before: NodeJS.ProcessEnv;
  beforeEach(() => {
    before = { ...process.env };
  });
  afterEach(() => {
    process.env = before;
  });

  /** As the notebook has it. */
  const settingsNow = () => readSettings({ dataBucket: "sagemaker-sample-files", dataKey: "none.csv" });

  /** Signs in where some variables are others, or not there. */
  const signInWith = (changes: NodeJS.ProcessEnv) => async () => {
    for (const [name, value] of Object.entries(changes)) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
    await signIn(settingsNow());
  };

  /** Downloads the object and loads it. */
  const load = (key: string, content?: string) => async () => {
    if (content !== undefined) await putData(key, content);
    process.env.SEGMENTATION_DATA_KEY = key;
    const settings = settingsNow();
    const data = await downloadRetailData(await signIn(settings), settings);
    const rejectsFile = join(folder, "rejects.csv");
    await loadFile(
      it.client,
      it,
      { file: await invoiceFile(data.path), uri: data.uri },
      { reuse: true, maxRejects: settings.parameters.maxRejects, rejectsFile },
    );
  };

  test.each<{ name: string; act: () => Promise<unknown>; says: RegExp }>([
    {
      name: "no credentials",
      act: signInWith({
        AWS_ACCESS_KEY_ID: undefined,
        AWS_SECRET_ACCESS_KEY: undefined,
        AWS_SESSION_TOKEN: undefined,
        AWS_SHARED_CREDENTIALS_FILE: join(folder, "none"),
        AWS_CONFIG_FILE: join(folder, "none"),
      }),
      says: /credentials/i,
    },
    { name: "a wrong region", act: signInWith({ AWS_REGION: "eu-west-1" }), says: /region/i },
    {
      name: "an unreachable AWS endpoint",
      act: () => signInWith({ AWS_ENDPOINT_URL: `http://127.0.0.1:${port}` })(),
      says: /ECONNREFUSED/,
    },
    { name: "a missing data file", act: load("nowhere.csv"), says: /nowhere\.csv/ },
    { name: "an empty data file", act: load("empty.csv", ""), says: /the file is empty/ },
    {
      name: "a wrong header",
      act: load("header.csv", "a,b,c\n1,2,3\n"),
      says: /none of the first 2 lines names such columns/,
    },
    {
      name: "a header and no lines",
      act: load("no-lines.csv", `${header}\n`),
      says: /a header and nothing below it/,
    },
    {
      name: "an instance type that SageMaker refuses",
      act: async () => {
        const settings = settingsNow();
        const aws = await signIn(settings);
        const { role, bucket } = await preflight(aws, settings);
        const features = { values: Float64Array.of(0, 1, 10), rows: 3, columns: 1 };
        const where = { role, bucket, prefix: "notebook" };
        await trainKMeans(aws, { ...where, features, k: 2, instanceType: "ml.none.large" }, { reuse: false });
      },
      says: /Could not start the training job .*ml\.none\.large/,
    },
  ])("$name", async ({ act, says }) => {
    const error = await act().then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(Error);
    // As tslab shows it.
    expectClear(inspect(error), says);
  });
});
