import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { waitUntil } from "@keyspaces-segmentation/common";
import { createAuthoriser } from "@keyspaces-segmentation/iam-local";
import { retailTable } from "@keyspaces-segmentation/invoices";
import { insertInto, qualified, sigV4AuthProvider, type TableName } from "@keyspaces-segmentation/keyspaces-bulk";
import { type Gateway, makeCertificates, startGateway } from "@keyspaces-segmentation/keyspaces-local";
import { end, guard, type Identity, ROLE_NAME, temporaryIdentity } from "@keyspaces-segmentation/local-support";
import { Client, type ClientOptions, types } from "cassandra-driver";
import { DATA_CENTRE, withCassandra } from "./cassandra.js";
import { median } from "./figures.js";
import { readBenchOptions, usageOfBench } from "./options.js";
import { describeMachine } from "./print.js";
import { inTurn } from "./recorder.js";
import { usageOf } from "./usage.js";

const DEFAULTS = { rows: 200_000, rounds: 7 };
export const OVERHEAD_USAGE: string = usageOfBench("overhead", "rows of each load", DEFAULTS);

const REGION = "eu-west-1";
const TABLE: TableName = { keyspace: "overhead", table: "online_retail" };
/** One invoice a batch. */
const BATCH_ROWS = 20;
const IN_FLIGHT = 60;
const MOST_TIME = 1.25;

/** A way to Cassandra. */
interface Way {
  readonly name: string;
  readonly client: Client;
}

interface Load {
  readonly seconds: number;
  /** Processor time of ours and of Cassandra, and of the gateway. */
  readonly cpuSeconds: number;
  readonly gatewayCpuSeconds: number;
}

/**
 * `npm run bench overhead`: the same load through the Keyspaces gateway, a process of its own with TLS, SigV4 and all its rules, and
 * straight to the Cassandra behind it, in turns. Prints the ratio of their times.
 *
 * @throws UsageError
 */
export async function benchOverhead(args: string[], cwd: string, signal: AbortSignal): Promise<void> {
  const { rows, rounds, json } = readBenchOptions(args, cwd, DEFAULTS);
  const machine = describeMachine();
  console.log(`${rows.toLocaleString("en-US")} rows, ${rounds} rounds, on ${machine}`);
  await withCassandra(async (cassandra) => {
    // Whose permissions are asked for at every statement.
    const identity = temporaryIdentity("policies");
    const gateway = await startGatewayProcess(cassandra.port, identity);
    const clients: Client[] = [];
    const connect = async (options: ClientOptions) => {
      const client = new Client({ queryOptions: { consistency: types.consistencies.localQuorum }, ...options });
      clients.push(client);
      await client.connect();
      return client;
    };
    try {
      const straight = {
        name: "straight to Cassandra",
        client: await connect({ contactPoints: [`127.0.0.1:${cassandra.port}`], localDataCenter: DATA_CENTRE }),
      };
      const through = {
        name: "through the gateway",
        client: await connect({
          contactPoints: [`127.0.0.1:${gateway.port}`],
          localDataCenter: REGION,
          sslOptions: { ca: [gateway.ca], servername: "localhost", rejectUnauthorized: true },
          authProvider: sigV4AuthProvider({ region: REGION, credentials: async () => identity }),
        }),
      };
      await createTable(through.client, signal);
      const measure = async ({ client }: Way): Promise<Load> => {
        await cassandra.empty(TABLE);
        signal.throwIfAborted();
        const cpu = () => usageOf(process.pid)!.cpuSeconds + usageOf(cassandra.pid)!.cpuSeconds;
        const gatewayCpu = () => usageOf(gateway.process.pid!)!.cpuSeconds;
        const [cpuBefore, gatewayBefore] = [cpu(), gatewayCpu()];
        const seconds = await load(client, rows);
        return { seconds, cpuSeconds: cpu() - cpuBefore, gatewayCpuSeconds: gatewayCpu() - gatewayBefore };
      };
      for (const way of [straight, through]) await measure(way);
      const loads = new Map<Way, Load[]>([
        [straight, []],
        [through, []],
      ]);
      for (let round = 0; round < rounds; round++) {
        for (const way of inTurn([straight, through], round)) {
          const figures = await measure(way);
          loads.get(way)!.push(figures);
          console.log(`  ${way.name}: ${Math.round(rows / figures.seconds).toLocaleString("en-US")} rows/s`);
        }
      }
      report(loads.get(straight)!, loads.get(through)!, rows);
      if (json !== null) {
        const figures = [...loads].map(([{ name }, measured]) => ({ name, loads: measured }));
        await writeFile(json, `${JSON.stringify({ machine, rows, rounds, ways: figures }, null, 2)}\n`);
      }
    } finally {
      for (const client of clients) await client.shutdown();
      await end(gateway.process);
    }
  }, signal);
}

function report(straight: readonly Load[], through: readonly Load[], rows: number): void {
  // Round by round: what disturbs the machine for longer than a load disturbs both.
  const time = median(through.map(({ seconds }, round) => seconds / straight[round]!.seconds));
  const both = ({ cpuSeconds, gatewayCpuSeconds }: Load) => cpuSeconds + gatewayCpuSeconds;
  const processor = median(through.map(both)) / median(straight.map(({ cpuSeconds }) => cpuSeconds));
  const microseconds = (median(through.map(({ gatewayCpuSeconds }) => gatewayCpuSeconds)) / rows) * 1e6;
  const verdict = time <= MOST_TIME ? "met" : "MISSED";
  console.log(
    `The gateway: ${time.toFixed(2)}× the time of a load straight to Cassandra (at most ${MOST_TIME}×: ${verdict}), ` +
      `${processor.toFixed(2)}× the processor time of everything, ${microseconds.toFixed(1)} µs of its own a row`,
  );
}

/** Writes so many rows, some batches at a time. @returns seconds */
async function load(client: Client, rows: number): Promise<number> {
  const query = insertInto(TABLE, retailTable);
  const price = types.BigDecimal.fromString("2.95");
  const date = new Date("2009-12-01T07:45:00Z");
  const batchOf = (invoice: number) =>
    Array.from({ length: BATCH_ROWS }, (_, line) => ({
      query,
      params: [
        ...[`${489_434 + invoice}`, `${85_048 + line}`, 1, "15CM CHRISTMAS GLASS BALL 20 LIGHTS"],
        ...[types.BigDecimal.fromString("12"), date, price, "13085", "United Kingdom"],
      ],
    }));
  let next = 0;
  const start = performance.now();
  await Promise.all(
    Array.from({ length: IN_FLIGHT }, async () => {
      while (next < rows / BATCH_ROWS) await client.batch(batchOf(next++), { prepare: true, logged: false });
    }),
  );
  return (performance.now() - start) / 1000;
}

/** Through the gateway, which has to know the table. */
async function createTable(client: Client, signal: AbortSignal): Promise<void> {
  const options = { deadlineMs: 20_000, firstDelayMs: 50, signal };
  const { keyspace, table } = TABLE;
  await client.execute(`CREATE KEYSPACE ${keyspace} WITH replication = {'class': 'SingleRegionStrategy'}`);
  const columns = Object.entries(retailTable.columns).map(([column, type]) => `${column} ${type}`);
  const definition = `CREATE TABLE ${qualified(TABLE)} (${columns.join(", ")}, PRIMARY KEY (${retailTable.primaryKey}))`;
  const attempt = async (statement: string) => {
    const failure = await client.execute(statement).catch((error: Error) => error);
    return failure instanceof Error ? { seen: failure.message } : { done: true, seen: "done" };
  };
  await waitUntil(`keyspace ${keyspace}`, () => attempt(definition), options);
  await waitUntil(`table ${table}`, () => attempt(`SELECT invoice FROM ${qualified(TABLE)} LIMIT 1`), options);
}

interface GatewayProcess {
  readonly process: ChildProcess;
  readonly port: number;
  readonly ca: string;
}

/** As in the stack, the gateway is not in the process of its clients. `GATEWAY_NODE_OPTIONS` is for its profile. */
async function startGatewayProcess(cassandraPort: number, identity: Identity): Promise<GatewayProcess> {
  const execArgv = process.env.GATEWAY_NODE_OPTIONS?.split(" ") ?? [];
  const child = fork(__filename, [String(cassandraPort), JSON.stringify(identity)], { execArgv, detached: true });
  guard(child);
  const [ready] = await Promise.race([
    once(child, "message"),
    once(child, "exit").then(([code]) => Promise.reject(new Error(`The gateway ended with ${code}`))),
  ]);
  return { process: child, ...(ready as { port: number; ca: string }) };
}

async function serveGateway(cassandraPort: number, identity: Identity): Promise<void> {
  const { ca, ...certificate } = await makeCertificates();
  const authoriser = createAuthoriser({ region: REGION, now: () => new Date() });
  const resources = ["system*", `${TABLE.keyspace}/*`].map((each) => `arn:aws:cassandra:${REGION}:*:/keyspace/${each}`);
  const document = {
    Version: "2012-10-17",
    Statement: { Effect: "Allow", Action: "cassandra:*", Resource: resources },
  };
  const arn = `arn:aws:iam::${identity.account}:role/${ROLE_NAME}`;
  authoriser.setEntities([{ arn, policies: [{ name: "overhead", document }] }]);
  const gateway: Gateway = await startGateway({
    authoriser,
    region: REGION,
    cassandra: { host: "127.0.0.1", port: cassandraPort },
    identities: [identity],
    certificate,
    // So high that every bucket is weighed and none refuses.
    throughput: { requestsPerConnection: 1e9, tableWriteUnits: 1e9, partitionWriteUnits: 1e9 },
  });
  process.once("SIGTERM", () => void gateway.close().then(() => process.exit(0)));
  process.send?.({ port: gateway.port, ca });
}

if (require.main === module) {
  const [port, identity] = process.argv.slice(2);
  void serveGateway(Number(port), JSON.parse(identity!) as Identity);
}
