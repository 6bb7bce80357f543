import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { Client, types } from "cassandra-driver";
import { signedBy } from "../../packages/keyspaces-local/test/support.js";
import { type Command, commandsIn } from "../support/command.js";

const { folder, run } = commandsIn("local-");
const REGION = "us-east-1";

/** As somebody who has sourced the environment that the command prints. */
async function connectTo(command: Command): Promise<Client> {
  await command.seen(/The stack is up/);
  const variable = (name: string): string => new RegExp(`^export ${name}='(.*)'$`, "m").exec(command.output())![1]!;
  const client = new Client({
    contactPoints: [variable("KEYSPACES_ENDPOINT")],
    localDataCenter: REGION,
    sslOptions: {
      ca: [readFileSync(variable("KEYSPACES_CA_FILE"))],
      servername: "localhost",
      rejectUnauthorized: true,
    },
    queryOptions: { consistency: types.consistencies.localQuorum },
    ...signedBy(
      {
        accessKeyId: variable("AWS_ACCESS_KEY_ID"),
        secretAccessKey: variable("AWS_SECRET_ACCESS_KEY"),
        sessionToken: variable("AWS_SESSION_TOKEN"),
      },
      REGION,
    ),
  });
  await client.connect();
  return client;
}
const keyspacesOf = async (client: Client) =>
  (await client.execute("SELECT keyspace_name FROM system_schema_mcs.keyspaces")).rows.map((row) => row.keyspace_name);

test("npm run local says what it keeps, keeps it over Ctrl-C, and begins anew when told so", async () => {
  const kept = join(folder, "local", "kept");
  const first = run(["up"]);
  const writer = await connectTo(first);
  expect(first.output()).toContain(
    `Starting with nothing.\nTables in Keyspaces and, after a Ctrl-C, objects in S3 are kept in ${kept} for the next start`,
  );
  await writer.execute("CREATE KEYSPACE work WITH replication = {'class': 'SingleRegionStrategy'}");
  while (!(await keyspacesOf(writer)).includes("work")) await new Promise((resolve) => setTimeout(resolve, 50));
  await writer.shutdown();
  first.child.kill("SIGINT");
  expect(await first.ended).toBe(0);
  expect(first.output().trimEnd()).toMatch(/Stopped; what was made is kept\.$/);
  expect(readdirSync(join(folder, "local"))).toEqual(["kept"]);

  const second = run(["up"]);
  const reader = await connectTo(second);
  expect(second.output()).toContain(`Going on with the tables and objects that are kept in ${kept}.`);
  expect(await keyspacesOf(reader)).toContain("work");
  await reader.shutdown();
  second.child.kill("SIGINT");
  await second.ended;

  const third = run(["up", "--reset"]);
  const anew = await connectTo(third);
  expect(third.output()).toContain("Starting with nothing.");
  expect(await keyspacesOf(anew)).not.toContain("work");
  await anew.shutdown();
  third.child.kill("SIGINT");
  await third.ended;
  expect(await third.left()).toEqual([]);
});
