import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Client, type ClientOptions, types } from "cassandra-driver";
import { clientOf, createKeyspace, createTable, signedBy, withPassword } from "../../support.js";
import type { ReadyLine } from "../../tool/program.js";

export const keyspace = "node_suite";

/** What cases find: a gateway, a client of it with the tables below, and what goes wrong on request. */
export interface World {
  readonly ready: ReadyLine;
  /** Connected, with `keyspace` as its own. */
  readonly client: Client;
  /** Not connected; closed at the end. */
  clientWith(options?: ClientOptions): Client;
  connect(options?: ClientOptions): Promise<Client>;
  /** The administrator's user name and password. */
  readonly password: ClientOptions;
  /** What goes wrong from now on until the case ends: as JSON for `PUT /faults`. */
  setFaults(request: unknown): Promise<void>;
  /** A key that no other case has. */
  newKey(): number;
}

/** The tables that cases share. */
const tables = {
  things: "(id int PRIMARY KEY, name text, amount decimal, tags set<text>)",
  lines: "(invoice text, line int, price decimal, PRIMARY KEY (invoice, line)) WITH CLUSTERING ORDER BY (line DESC)",
  stamped:
    "(id int PRIMARY KEY, name text) WITH CUSTOM_PROPERTIES = {'client_side_timestamps': {'status': 'enabled'}} AND default_time_to_live = 0",
  expiring: "(id int PRIMARY KEY, name text) WITH CUSTOM_PROPERTIES = {'ttl': {'status': 'enabled'}}",
  hits: "(id int PRIMARY KEY, seen counter)",
  scans: "(invoice text, line int, price decimal, PRIMARY KEY (invoice, line))",
};

/** Rows of `scans`: over pages of seven, many come short or empty. */
export const scanned = 60;

async function define(client: Client): Promise<void> {
  await createKeyspace(client, keyspace);
  await Promise.all(Object.entries(tables).map(([name, columns]) => createTable(client, keyspace, name, columns)));
  await client.execute(`USE ${keyspace}`);
  const insert = "INSERT INTO scans (invoice, line, price) VALUES (?, ?, 0.25)";
  const rows = Array.from({ length: scanned }, (_, line) => [`invoice${line % 4}`, line]);
  await Promise.all(rows.map((params) => client.execute(insert, params, { prepare: true })));
}

interface OwnWorld extends World {
  /** Closes what the case has opened, and lets nothing go wrong any more. */
  tidy(): Promise<void>;
  end(): Promise<void>;
}

/** Connects to a gateway and defines the tables. */
export async function worldOf(ready: ReadyLine): Promise<OwnWorld> {
  const ca = readFileSync(ready.caFile, "utf8");
  const { userName, password } = JSON.parse(readFileSync(join(ready.dataDirectory, "administrator.json"), "utf8"));
  const open: Client[] = [];
  let keys = 0;
  const clientWith = (options: ClientOptions = {}) => {
    const { port, region, credentials } = ready;
    const signed = signedBy(credentials, region);
    const client = clientOf(
      port,
      { ca },
      { localDataCenter: region, protocolOptions: { port }, ...signed, ...options },
    );
    open.push(client);
    return client;
  };
  const connect = async (options?: ClientOptions) => {
    const client = clientWith(options);
    await client.connect();
    return client;
  };
  const setFaults = async (request: unknown) => {
    const response = await fetch(`${ready.adminUrl}/faults`, { method: "PUT", body: JSON.stringify(request) });
    if (!response.ok) throw new Error(await response.text());
  };
  const client = await connect();
  await define(client);
  return {
    ready,
    client,
    clientWith,
    connect,
    setFaults,
    password: withPassword(userName, password),
    newKey: () => keys++,
    async tidy() {
      await setFaults({});
      await Promise.all(open.splice(1).map((each) => each.shutdown()));
    },
    end: () => client.shutdown(),
  };
}

export const prepared = { prepare: true };
export const { localOne, localQuorum, one } = types.consistencies;
export const decimal = (text: string): types.BigDecimal => types.BigDecimal.fromString(text);

/** Every row, in the order of its line. */
export const linesOf = (rows: Iterable<types.Row>): number[] =>
  Array.from(rows, (row) => row.get("line") as number).sort((a, b) => a - b);

/** What a promise is rejected with. */
export async function failureOf(promise: Promise<unknown>): Promise<Error & { code?: number; innerErrors?: object }> {
  return promise.then(
    () => {
      throw new Error("It did not fail");
    },
    (error) => error,
  );
}
