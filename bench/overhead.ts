import { writeFile } from "node:fs/promises";
import { waitUntil } from "@keyspaces-segmentation/common";
import { retailTable } from "@keyspaces-segmentation/invoices";
import { qualified, sigV4AuthProvider, type TableName } from "@keyspaces-segmentation/keyspaces-bulk";
import { end, temporaryIdentity } from "@keyspaces-segmentation/local-support";
import { Client, type ClientOptions, types } from "cassandra-driver";
import { withCassandra } from "./cassandra.js";
import { DATA_CENTRE } from "./connect.js";
import { median } from "./figures.js";
import { GATEWAY_REGION as REGION, startGatewayProcess, WITHOUT_LIMITS } from "./gateway_process.js";
import { readBenchOptions, usageOfBench } from "./options.js";
import { workOn } from "./overhead_work.js";
import { describeMachine } from "./print.js";
import { inTurn } from "./recorder.js";
import { startTlsTunnel } from "./tls_tunnel.js";
import { usageOf } from "./usage.js";

const DEFAULTS = { rows: 200_000, rounds: 8 };
export const OVERHEAD_USAGE: string = usageOfBench("overhead", "rows of each load", DEFAULTS);

const TABLE: TableName = { keyspace: "overhead", table: "online_retail" };
const MOST_TIME = 1.25;

/** A way to Cassandra. */
interface Way {
  readonly name: string;
  readonly client: Client;
  /** The process between the two. */
  readonly pid?: number;
}

/** A load, or what was read of it. */
interface Figures {
  readonly rows: number;
  readonly seconds: number;
  /** Processor time of ours and of Cassandra, and of what is between them. */
  readonly cpuSeconds: number;
  readonly betweenCpuSeconds: number;
}

/**
 * `npm run bench overhead`: the same load, and the same reads of it, through the Keyspaces gateway, a process of its own with TLS, SigV4
 * and all its rules, straight to the Cassandra behind it, by its own TLS and without, and through a tunnel that only copies, in turns.
 * Prints the ratios of their times.
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
    const gateway = await startGatewayProcess({
      cassandraPort: cassandra.port,
      identity,
      keyspace: TABLE.keyspace,
      throughput: WITHOUT_LIMITS,
      execArgv: process.env.GATEWAY_NODE_OPTIONS?.split(" ") ?? [],
    });
    const tunnel = await startTlsTunnel(cassandra.port);
    const clients: Client[] = [];
    const connect = async (options: ClientOptions) => {
      const client = new Client({ queryOptions: { consistency: types.consistencies.localQuorum }, ...options });
      clients.push(client);
      await client.connect();
      return client;
    };
    try {
      const contactPoints = [`127.0.0.1:${cassandra.port}`];
      const plain = {
        name: "straight to Cassandra",
        client: await connect({ contactPoints, localDataCenter: DATA_CENTRE }),
      };
      const encrypted = {
        name: "straight to Cassandra by TLS",
        client: await connect({ contactPoints, localDataCenter: DATA_CENTRE, sslOptions: trusting(cassandra.ca) }),
      };
      const through = {
        name: "through the gateway",
        pid: gateway.process.pid!,
        client: await connect({
          contactPoints: [`127.0.0.1:${gateway.port}`],
          localDataCenter: REGION,
          sslOptions: trusting(gateway.ca),
          authProvider: sigV4AuthProvider({ region: REGION, credentials: async () => identity }),
        }),
      };
      const copied = {
        name: "through a TLS tunnel that only copies",
        pid: tunnel.process.pid!,
        client: await connect({
          contactPoints: [`127.0.0.1:${tunnel.port}`],
          localDataCenter: DATA_CENTRE,
          sslOptions: trusting(tunnel.ca),
        }),
      };
      const ways = [plain, encrypted, through, copied];
      await createTable(through.client, signal);
      const works = workOn(TABLE, rows);
      const cpu = () => usageOf(process.pid)!.cpuSeconds + usageOf(cassandra.pid)!.cpuSeconds;
      const cpuBetween = (pid?: number) => (pid === undefined ? 0 : usageOf(pid)!.cpuSeconds);
      const measure = async ({ client, pid }: Way): Promise<Figures[]> => {
        await cassandra.empty(TABLE);
        const figures: Figures[] = [];
        for (const work of works) {
          signal.throwIfAborted();
          const [cpuBefore, betweenBefore, start] = [cpu(), cpuBetween(pid), performance.now()];
          const seen = await work.run(client);
          const seconds = (performance.now() - start) / 1000;
          if (seen !== rows) throw new Error(`${work.name}: ${seen} rows, not ${rows}`);
          const cpuSeconds = cpu() - cpuBefore;
          figures.push({ rows: seen, seconds, cpuSeconds, betweenCpuSeconds: cpuBetween(pid) - betweenBefore });
        }
        return figures;
      };
      for (const way of ways) await measure(way);
      const measured = new Map<Way, Figures[][]>(ways.map((way) => [way, []]));
      for (let round = 0; round < rounds; round++) {
        for (const way of inTurn(ways, round)) {
          const figures = await measure(way);
          measured.get(way)!.push(figures);
          const rates = figures.map(({ seconds }, index) => {
            const rate = Math.round(rows / seconds).toLocaleString("en-US");
            return `${works[index]!.name} ${rate} rows/s`;
          });
          console.log(`  ${way.name}: ${rates.join(", ")}`);
        }
      }
      for (const [index, { name }] of works.entries()) {
        const ofWork = (way: Way) => measured.get(way)!.map((figures) => figures[index]!);
        report(name, ofWork(through), { plain: ofWork(plain), encrypted: ofWork(encrypted), copied: ofWork(copied) });
      }
      if (json !== null) {
        const figures = [...measured].map(([{ name }, each]) => ({
          name,
          works: Object.fromEntries(works.map((work, index) => [work.name, each.map((round) => round[index])])),
        }));
        await writeFile(json, `${JSON.stringify({ machine, rows, rounds, ways: figures }, null, 2)}\n`);
      }
    } finally {
      for (const client of clients) await client.shutdown();
      for (const { process } of [gateway, tunnel]) await end(process);
    }
  }, signal);
}

const trusting = (ca: string) => ({ ca: [ca], servername: "localhost", rejectUnauthorized: true });

/** Of the ways, the same work in the same rounds. */
function report(
  name: string,
  through: readonly Figures[],
  others: Readonly<Record<"plain" | "encrypted" | "copied", readonly Figures[]>>,
): void {
  const { plain, encrypted, copied } = others;
  const all = ({ cpuSeconds, betweenCpuSeconds }: Figures) => cpuSeconds + betweenCpuSeconds;
  const ratio = (way: readonly Figures[], base: readonly Figures[]) => {
    // Round by round: what disturbs the machine for longer than a round disturbs both.
    const time = median(way.map(({ seconds }, round) => seconds / base[round]!.seconds));
    return { time, processor: median(way.map(all)) / median(base.map(all)) };
  };
  const told = ({ time, processor }: { time: number; processor: number }) =>
    `${time.toFixed(2)}× (processor time of everything ${processor.toFixed(2)}×)`;
  const own = (way: readonly Figures[]) => {
    const microseconds = way.map(({ rows, betweenCpuSeconds }) => (betweenCpuSeconds / rows) * 1e6);
    return `${median(microseconds).toFixed(1)} µs of its own a row`;
  };
  const gateway = ratio(through, encrypted);
  const verdict = gateway.time <= MOST_TIME ? "met" : "MISSED";
  console.log(
    `${name}: the gateway, ${own(through)}, takes ${told(gateway)} the time of the same straight to Cassandra by TLS ` +
      `(at most ${MOST_TIME}×: ${verdict}), and ${told(ratio(through, plain))} that without TLS, beside which ` +
      `Cassandra's own TLS takes ${told(ratio(encrypted, plain))} and a tunnel that only copies, ${own(copied)}, ${told(ratio(copied, plain))}`,
  );
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
