import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { ROOT } from "@keyspaces-segmentation/local-support";
import { createKeyspace, createTable } from "../support.js";
import { connectAs, type Program, runProgram } from "../tool/program.js";
import { requireInstalled } from "./drivers.js";

const folder = mkdtempSync(join(tmpdir(), "events-"));
let tool: Program;

beforeAll(() => requireInstalled(["python"]));
afterAll(async () => {
  tool?.child.kill("SIGTERM");
  await tool?.ended;
  rmSync(folder, { recursive: true, force: true });
});

/** Says what the driver's metadata has of a table each time that it becomes what is wanted next; it never asks for it itself. */
const watcher = `
import json, ssl, sys, time
from cassandra.auth import PlainTextAuthProvider
from cassandra.cluster import Cluster

port, ca, user, password = sys.argv[1:]
cluster = Cluster(["127.0.0.2"], port=int(port), ssl_context=ssl.create_default_context(cafile=ca),
    ssl_options={"server_hostname": "localhost"}, auth_provider=PlainTextAuthProvider(user, password))
cluster.connect()
print("connected", flush=True)
columns = lambda: list(getattr(cluster.metadata.keyspaces["shop"].tables.get("seen"), "columns", []))
for wanted in (["id"], ["id", "more"], []):
    while columns() != wanted:
        time.sleep(0.02)
    print(json.dumps(wanted), flush=True)
cluster.shutdown()
`;

test("the Python driver's metadata follows what another client defines", async () => {
  tool = runProgram(["--port", "0", "--json", "--definition-ms", "60"], folder);
  const ready = await tool.ready();
  const client = await connectAs(ready);
  await createKeyspace(client, "shop");
  const { userName, password } = JSON.parse(readFileSync(join(ready.dataDirectory, "administrator.json"), "utf8"));
  const python = join(ROOT, ".cache", "python", "bin", "python");
  const child = spawn(python, ["-c", watcher, String(ready.port), ready.caFile, userName, password], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const killing = setTimeout(() => child.kill("SIGKILL"), 120_000);
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const next = async () => (await lines.next()).value;
  expect(await next()).toBe("connected");
  await createTable(client, "shop", "seen", "(id int PRIMARY KEY)");
  expect(await next()).toBe('["id"]');
  await client.execute("ALTER TABLE shop.seen ADD more text");
  expect(await next()).toBe('["id", "more"]');
  await client.execute("DROP TABLE shop.seen");
  expect(await next()).toBe("[]");
  if (child.exitCode === null) await once(child, "exit");
  clearTimeout(killing);
  expect(child.exitCode).toBe(0);
  await client.shutdown();
});
