import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { type Client, policies } from "cassandra-driver";
import { type Credentials, clientOf, signedBy } from "../support.js";

/** What the process is told, as JSON on its standard input. */
export interface ReadOrder {
  readonly port: number;
  readonly ca: string;
  readonly credentials: Credentials;
  /** Each with the rows that it has, in any order. */
  readonly reads: readonly {
    readonly query: string;
    readonly params: readonly unknown[];
    readonly rows: readonly string[];
  }[];
  readonly count: number;
  readonly atOnce: number;
}

/** What it tells, as JSON: reads that failed and were made again, and those that had other rows. */
export interface ReadReport {
  readonly failed: number;
  readonly wrong: number;
}

/**
 * The code that the process ends with where the driver throws out of a promise of its own, as it does where its control connection ends
 * while that is being set up.
 */
export const DRIVER_GAVE_UP = 3;

/** Of all pages, each as text. */
export async function everyRow(
  client: Client,
  query: string,
  params: readonly unknown[],
  fetchSize: number,
): Promise<string[]> {
  const seen: string[] = [];
  let pageState: string | undefined;
  do {
    const options = { prepare: true, fetchSize, ...(pageState && { pageState }) };
    const page = await client.execute(query, params as unknown[], options);
    for (const row of page.rows) seen.push(JSON.stringify(row.values()));
    ({ pageState } = page);
  } while (pageState);
  return seen;
}

/** A process of its own: the driver goes on connecting for ever where a connection that it opens is lost while it is shut down. */
async function main(): Promise<void> {
  const { port, ca, credentials, reads, count, atOnce } = JSON.parse(readFileSync(0, "utf8")) as ReadOrder;
  const reconnection = new policies.reconnection.ConstantReconnectionPolicy(10);
  const client = clientOf(port, { ca }, { ...signedBy(credentials), policies: { reconnection } });
  await client.connect();
  let [next, failed, wrong] = [0, 0, 0];
  const read = async (index: number): Promise<void> => {
    const { query, params, rows } = reads[index % reads.length]!;
    const seen = await everyRow(client, query, params, 50).catch(() => undefined);
    if (seen) wrong += JSON.stringify(seen.sort()) === JSON.stringify(rows) ? 0 : 1;
    else {
      failed++;
      await delay(100);
      await read(index);
    }
  };
  const work = async () => {
    while (next < count) await read(next++);
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  const report: ReadReport = { failed, wrong };
  process.stdout.write(JSON.stringify(report), () => process.exit(0));
}

if (require.main === module) {
  process.on("unhandledRejection", ({ message }: Error) => {
    console.error(message);
    process.exit(DRIVER_GAVE_UP);
  });
  main().catch((error: Error) => {
    console.error(error.message);
    process.exit(1);
  });
}
