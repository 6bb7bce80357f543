import assert from "node:assert/strict";
import { auth, Client, errors, policies, types } from "cassandra-driver";
import { freePort } from "../../../../../test/support/free_port.js";
import { type Cases, passes } from "./case.js";
import { failureOf, keyspace, prepared, type World } from "./world.js";

const clusterName = "SELECT cluster_name FROM system.local";
const ask = async (client: Client) => (await client.execute(clusterName)).first().get("cluster_name");
const openTo = (client: Client) => {
  const state = client.getState();
  return state.getConnectedHosts().map((host) => state.getOpenConnections(host));
};

/** The first of what each host said. */
async function refusalOf(client: Client): Promise<Error> {
  const failure = await failureOf(client.connect());
  return Object.values(failure.innerErrors ?? [failure])[0] as Error;
}

export const connecting: Cases = {
  "the option keyspace": passes(async ({ connect }) => {
    const client = await connect({ keyspace });
    assert.equal(client.keyspace, keyspace);
    assert.ok((await client.execute("SELECT * FROM things WHERE id = -1")).rows.length === 0);
  }),
  "a keyspace that is not there, and after it one that is": passes(async ({ clientWith }) => {
    const client = clientWith({ keyspace: "nowhere" });
    const failure = await failureOf(client.connect());
    assert.match(failure.message, /nowhere/);
    client.keyspace = keyspace;
    await client.connect();
    assert.equal(await ask(client), "Amazon Keyspaces");
  }),
  "USE changes the client's keyspace": passes(async ({ connect }) => {
    const client = await connect();
    await client.execute(`USE ${keyspace}`);
    assert.equal(client.keyspace, keyspace);
    for (let host = 0; host < 8; host++) await client.execute("SELECT * FROM things WHERE id = -1");
  }),
  "connecting by the first request": passes(async ({ clientWith }) => {
    assert.equal(await ask(clientWith()), "Amazon Keyspaces");
  }),
  "many calls of connect at once": passes(async ({ clientWith }) => {
    const client = clientWith();
    await Promise.all(Array.from({ length: 10 }, () => client.connect()));
    assert.equal(await ask(client), "Amazon Keyspaces");
  }),
  "user name and password by PlainTextAuthProvider": passes(async ({ connect, password }) => {
    assert.equal(await ask(await connect(password)), "Amazon Keyspaces");
  }),
  "user name and password by the option credentials": passes(async ({ ready, clientWith, password }) => {
    const { username, password: secret } = password.authProvider as unknown as { username: Buffer; password: Buffer };
    const options = clientWith() as unknown as { options: { sslOptions: object } };
    const client = new Client({
      contactPoints: [`127.0.0.1:${ready.port}`],
      localDataCenter: ready.region,
      protocolOptions: { port: ready.port },
      credentials: { username: String(username), password: String(secret) },
      sslOptions: options.options.sslOptions,
    });
    try {
      assert.equal(await ask(client), "Amazon Keyspaces");
    } finally {
      await client.shutdown();
    }
  }),
  "a wrong password": passes(async ({ clientWith }) => {
    const authProvider = new auth.PlainTextAuthProvider("nobody", "nothing");
    const refusal = await refusalOf(clientWith({ authProvider }));
    assert.ok(refusal instanceof errors.AuthenticationError);
    assert.match(refusal.message, /\[KL-PASSWORD\]/);
  }),
  "no authProvider": passes(async ({ clientWith, ready }) => {
    const { options } = clientWith() as unknown as { options: { sslOptions: object } };
    const client = new Client({
      contactPoints: [`127.0.0.1:${ready.port}`],
      localDataCenter: ready.region,
      sslOptions: options.sslOptions,
    });
    const refusal = await refusalOf(client);
    assert.ok(refusal instanceof errors.AuthenticationError);
  }),
  "a data center that is not there": passes(async ({ clientWith }) => {
    const failure = await failureOf(clientWith({ localDataCenter: "dc1" }).connect());
    assert.match(
      String(Object.values(failure.innerErrors ?? {})[0] ?? failure),
      /dc1.*only found hosts in data centers/,
    );
  }),
  "a contact point that does not answer, and one that does": passes(async ({ connect, ready }) => {
    const contactPoints = [`127.0.0.1:${await freePort()}`, `127.0.0.1:${ready.port}`];
    assert.equal(await ask(await connect({ contactPoints })), "Amazon Keyspaces");
  }),
  "a contact point without a name server's answer": passes(async ({ clientWith }) => {
    const failure = await failureOf(clientWith({ contactPoints: ["nowhere.invalid"] }).connect());
    assert.ok(failure instanceof errors.NoHostAvailableError);
  }),
  "all hosts, with as many connections as asked for": passes(async ({ connect }) => {
    const pooling = { coreConnectionsPerHost: { [types.distance.local]: 2 }, warmup: true };
    const client = await connect({ pooling });
    assert.deepEqual(openTo(client), [2, 2, 2, 2]);
    assert.deepEqual(
      client.hosts.values().map(({ datacenter, cassandraVersion }) => `${datacenter} ${cassandraVersion}`),
      client.hosts.values().map(() => "us-east-1 3.11.2"),
    );
  }),
  "two clients see each other's rows": passes(async ({ client, connect, newKey }) => {
    const [other, id] = [await connect({ keyspace }), newKey()];
    await client.execute("INSERT INTO things (id, name) VALUES (?, 'of one')", [id], prepared);
    const row = (await other.execute("SELECT name FROM things WHERE id = ?", [id], prepared)).first();
    assert.equal(row.get("name"), "of one");
  }),
  "shutdown, after which a client does not connect any more, and another one does": passes(
    async ({ connect, clientWith }) => {
      const client = await connect();
      await client.shutdown();
      assert.deepEqual(openTo(client), []);
      assert.match((await failureOf(ask(client))).message, /after shutdown/);
      assert.equal(await ask(clientWith()), "Amazon Keyspaces");
    },
  ),
  "connections that end are opened again": passes(async ({ connect, setFaults }: World) => {
    const reconnection = new policies.reconnection.ConstantReconnectionPolicy(20);
    const client = await connect({ policies: { reconnection } });
    await setFaults({ dropAfterRequests: 1 });
    await failureOf(client.execute(clusterName, [], { isIdempotent: false }));
    await setFaults({});
    for (;;) {
      const name = await ask(client).catch(() => undefined);
      if (name === "Amazon Keyspaces") return;
    }
  }),
  "isMetadataSyncEnabled: false": passes(async ({ connect }) => {
    const client = await connect({ isMetadataSyncEnabled: false });
    assert.deepEqual(client.metadata.keyspaces, {});
    const table = await client.metadata.getTable(keyspace, "things");
    assert.deepEqual(Object.keys(table.columnsByName).sort(), ["amount", "id", "name", "tags"]);
  }),
};
