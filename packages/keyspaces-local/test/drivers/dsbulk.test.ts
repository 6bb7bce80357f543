import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { ROOT } from "@keyspaces-segmentation/local-support";
import { createKeyspace, createTable } from "../support.js";
import { connectAs, type Program, plainEnvironment, type ReadyLine, runProgram } from "../tool/program.js";
import { requireInstalled } from "./drivers.js";

const execute = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), "dsbulk-"));
let tool: Program;
let ready: ReadyLine;

const javaTool = (name: string): string => (process.env.JAVA_HOME ? join(process.env.JAVA_HOME, "bin", name) : name);
const trustStore = join(folder, "trust.jks");
const [input, output] = [join(folder, "lines.csv"), join(folder, "unloaded")];
const rows = Array.from({ length: 200 }, (_, line) => `invoice${line % 8},${line},0.25`);

beforeAll(async () => {
  requireInstalled(["dsbulk", "java_driver"]);
  // Of the partitioner of a new account DSBulk says that it has no token metadata.
  tool = runProgram(["--port", "0", "--json", "--definition-ms", "300", "--partitioner", "random"], folder);
  ready = await tool.ready();
  const client = await connectAs(ready);
  await createKeyspace(client, "bulk");
  await createTable(client, "bulk", "lines", "(invoice text, line int, price decimal, PRIMARY KEY (invoice, line))");
  await client.shutdown();
  const store = ["-keystore", trustStore, "-storepass", "changeit"];
  await execute(javaTool("keytool"), ["-importcert", "-noprompt", "-alias", "ca", "-file", ready.caFile, ...store]);
  writeFileSync(input, `${rows.join("\n")}\n`);
});
afterAll(async () => {
  tool?.child.kill("SIGTERM");
  await tool?.ended;
  rmSync(folder, { recursive: true, force: true });
});

/** DSBulk, whose driver signs by AWS's plugin. */
async function dsbulk(what: "load" | "unload", url: string, query: string): Promise<void> {
  const driver = {
    "basic.contact-points": `["${ready.contactPoint}:${ready.port}"]`,
    "basic.load-balancing-policy.local-datacenter": ready.region,
    "basic.request.consistency": "LOCAL_QUORUM",
    "basic.request.page-size": "7",
    "advanced.auth-provider.class": "software.aws.mcs.auth.SigV4AuthProvider",
    "advanced.auth-provider.aws-region": ready.region,
    "advanced.ssl-engine-factory.class": "DefaultSslEngineFactory",
    "advanced.ssl-engine-factory.truststore-path": trustStore,
    "advanced.ssl-engine-factory.truststore-password": "changeit",
  };
  const settings = Object.entries(driver).flatMap(([name, value]) => [`--datastax-java-driver.${name}`, value]);
  const classPath = ["dsbulk", "java_driver"].map((name) => join(ROOT, ".cache", name, "*")).join(":");
  const logs = ["--log.directory", join(folder, "logs"), "--log.ansiMode", "disabled"];
  const batches = what === "load" ? ["--batch.maxBatchStatements", "30"] : [];
  const args = [what, "-url", url, "-header", "false", "-query", query, ...batches, ...settings, ...logs];
  const env = plainEnvironment({
    HOME: folder,
    AWS_ACCESS_KEY_ID: ready.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: ready.credentials.secretAccessKey,
    AWS_EC2_METADATA_DISABLED: "true",
  });
  const command = ["-cp", classPath, "com.datastax.oss.dsbulk.runner.DataStaxBulkLoader", ...args];
  await execute(javaTool("java"), command, { cwd: folder, env, timeout: 180_000 });
}

test("DSBulk loads in UNLOGGED batches, and unloads every row over short and empty pages", async () => {
  await dsbulk("load", input, "INSERT INTO bulk.lines (invoice, line, price) VALUES (?, ?, ?)");
  const filtered = "SELECT invoice, line, price FROM bulk.lines WHERE line < 1000 ALLOW FILTERING";
  await dsbulk("unload", output, filtered);
  const unloaded = readdirSync(output).flatMap((name) => readFileSync(join(output, name), "utf8").trim().split("\n"));
  expect(unloaded.sort()).toEqual(rows.toSorted());
});
