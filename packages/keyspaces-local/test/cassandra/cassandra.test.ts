import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { startCassandra } from "@keyspaces-segmentation/keyspaces-local/dist/cassandra/cassandra.js";
import { nodetool } from "@keyspaces-segmentation/keyspaces-local/dist/cassandra/nodetool.js";
import { makeCertificates } from "@keyspaces-segmentation/keyspaces-local/dist/door/certificates.js";
import { CASSANDRA_JARS } from "@keyspaces-segmentation/local-support";
import { Client, type ClientOptions } from "cassandra-driver";

async function connectTo(port: number, options: Partial<ClientOptions> = {}): Promise<Client> {
  const client = new Client({ contactPoints: [`127.0.0.1:${port}`], localDataCenter: "datacenter1", ...options });
  await client.connect();
  return client;
}

const random = "org.apache.cassandra.dht.RandomPartitioner";
const murmur3 = "org.apache.cassandra.dht.Murmur3Partitioner";

test("Cassandra starts on free ports, and again on the same directory with the same data and their partitioner, whatever is asked for", async () => {
  const directory = await mkdtemp(join(tmpdir(), "cassandra-"));
  try {
    const { ca, ...certificate } = await makeCertificates();
    const first = await startCassandra({ directory, jars: CASSANDRA_JARS, certificate });
    expect(first.partitioner).toBe(murmur3);
    // By TLS, as by the same port without.
    const sslOptions = { ca: [ca], servername: "localhost", rejectUnauthorized: true };
    await (await connectTo(first.port, { sslOptions })).shutdown();
    const before = await connectTo(first.port);
    await before.execute(
      "CREATE KEYSPACE kept WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}",
    );
    await before.execute("CREATE TABLE kept.t (a int PRIMARY KEY)");
    await before.execute("INSERT INTO kept.t (a) VALUES (1)");
    await before.shutdown();
    await first.stop();
    await expect(first.ended).resolves.toMatch(/ended|exited/);

    const second = await startCassandra({ directory, jars: CASSANDRA_JARS, partitioner: random });
    expect(second.partitioner).toBe(murmur3);
    const after = await connectTo(second.port);
    expect((await after.execute("SELECT a FROM kept.t")).rows.map((row) => row.get("a"))).toEqual([1]);
    expect((await after.execute("SELECT partitioner FROM system.local")).rows[0]?.partitioner).toBe(murmur3);
    await after.shutdown();
    await second.stop(0);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
});

test("Cassandra's own tool reaches a node that was started for it, and merges the files of a table", async () => {
  const directory = await mkdtemp(join(tmpdir(), "cassandra-"));
  try {
    const { jmxPort, port, stop } = await startCassandra({ directory, jars: CASSANDRA_JARS, jmx: true });
    const node = { jmxPort: jmxPort!, jars: CASSANDRA_JARS, directory };
    const client = await connectTo(port);
    await client.execute("CREATE KEYSPACE ks WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}");
    await client.execute("CREATE TABLE ks.t (a int PRIMARY KEY)");
    const files = async () =>
      (await readdir(join(directory, "data", "ks"), { recursive: true })).filter((name) => name.endsWith("-Data.db"));
    for (const a of [1, 2]) {
      await client.execute(`INSERT INTO ks.t (a) VALUES (${a})`);
      await nodetool(node, ["flush", "ks", "t"]);
    }
    expect(await files()).toHaveLength(2);
    await nodetool(node, ["compact", "ks", "t"]);
    expect(await files()).toHaveLength(1);
    expect((await client.execute("SELECT a FROM ks.t")).rows).toHaveLength(2);
    await expect(nodetool(node, ["compact", "nowhere"])).rejects.toThrow("nowhere");
    await client.shutdown();
    await stop();
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
});

test("without jars, the failure says so", async () => {
  const directory = await mkdtemp(join(tmpdir(), "cassandra-"));
  await expect(startCassandra({ directory, jars: join(directory, "none") })).rejects.toThrow("CassandraDaemon");
  await rm(directory, { recursive: true, force: true });
});
