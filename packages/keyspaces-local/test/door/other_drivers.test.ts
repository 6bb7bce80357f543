import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { makeCertificates } from "@keyspaces-segmentation/keyspaces-local/dist/door/certificates.js";
import { type Gateway, startGateway } from "@keyspaces-segmentation/keyspaces-local/dist/door/gateway.js";
import { ROOT, temporaryIdentity } from "@keyspaces-segmentation/local-support";
import { borrowedCassandra, region } from "../support.js";

const run = promisify(execFile);
const programs = join(ROOT, "test", "fixtures", "drivers");
const identity = temporaryIdentity();

let directory: string;
let cassandra: Awaited<ReturnType<typeof borrowedCassandra>>;
let gateway: Gateway;
let ca: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "drivers-"));
  // The tokens of a new account, whose partitioner not every driver knows.
  const started = await borrowedCassandra("org.apache.cassandra.dht.RandomPartitioner");
  const certificates = await makeCertificates();
  cassandra = started;
  gateway = await startGateway({
    region,
    cassandra,
    identities: [identity],
    certificate: certificates,
    activeAfterMs: 100,
  });
  ca = join(directory, "ca.pem");
  await writeFile(ca, certificates.ca);
});

afterAll(async () => {
  await gateway.close();
  await rm(directory, { recursive: true, force: true });
});

/** Only what the drivers look for: no profile, and no other account's key, of whoever runs the tests. */
const environment = () => ({
  PATH: process.env.PATH,
  HOME: directory,
  AWS_ACCESS_KEY_ID: identity.accessKeyId,
  AWS_SECRET_ACCESS_KEY: identity.secretAccessKey,
  AWS_SESSION_TOKEN: identity.sessionToken,
  AWS_DEFAULT_REGION: region,
  AWS_EC2_METADATA_DISABLED: "true",
});

const expected = {
  clusterName: "Amazon Keyspaces",
  protocol: 4,
  rows: 130,
  // Ten times 2.95, and four times 0 + ¼ + … + 29 × ¼.
  sum: "464.50",
  severalPages: true,
  refused: {
    "write at ONE": expect.stringContaining(
      "Consistency level ONE is not supported for this operation. Supported consistency levels are: LOCAL_QUORUM",
    ),
    count: expect.stringContaining("countRows is not yet supported"),
  },
};

test("the Python driver with AWS's plugin connects, defines, writes, batches, reads pages and is refused", async () => {
  const python = join(ROOT, ".cache", "python", "bin", "python");
  const args = [join(programs, "driver.py"), "127.0.0.1", String(gateway.port), ca, "python_driver"];
  const { stdout } = await run(python, args, { env: environment(), timeout: 120_000 });
  expect(JSON.parse(stdout)).toEqual(expected);
});

test("the Java driver with AWS's plugin does the same", async () => {
  const java = process.env.JAVA_HOME ? join(process.env.JAVA_HOME, "bin", "java") : "java";
  const program = ["-cp", join(ROOT, ".cache", "java_driver", "*"), join(programs, "Driver.java")];
  const args = [...program, "127.0.0.1", String(gateway.port), ca, "java_driver", region];
  const { stdout } = await run(java, args, { env: environment(), timeout: 120_000 });
  expect(JSON.parse(stdout)).toEqual(expected);
});
