/**
 * Our side of the measurements, a process of its own: `ours.js load|read|inspect <port> <keyspace> <table> [file] [rejects file]`.
 * Prints one line of JSON, a {@link OwnFigures}.
 */

import { inspectFile, NOTHING_GIVEN, openInvoiceFile } from "@keyspaces-segmentation/invoice-files";
import { ingestInvoices, readCustomers } from "@keyspaces-segmentation/invoice-store";
import type { TableName } from "@keyspaces-segmentation/keyspaces-bulk";
import { KeyspacesClient, reconnection } from "@keyspaces-segmentation/keyspaces-bulk";
import { types } from "cassandra-driver";
import { DATA_CENTRE } from "../cassandra.js";
import type { OwnFigures } from "../recorder.js";

/** As `connectToKeyspaces` does, without what a plain Cassandra lacks: TLS, SigV4 and a region. */
async function connect(port: number): Promise<KeyspacesClient> {
  const client = new KeyspacesClient({
    ...reconnection(DATA_CENTRE, "Cassandra").options,
    contactPoints: [`127.0.0.1:${port}`],
    localDataCenter: DATA_CENTRE,
    protocolOptions: { port, maxVersion: types.protocolVersion.v4 },
    queryOptions: { consistency: types.consistencies.localQuorum, isIdempotent: true, prepare: true },
    pooling: { coreConnectionsPerHost: { [types.distance.local]: 2 } },
    socketOptions: { defunctReadTimeoutThreshold: 4 },
    prepareOnAllHosts: false,
    rePrepareOnUp: false,
    isMetadataSyncEnabled: false,
    monitorReporting: { enabled: false },
  });
  await client.connect();
  return client;
}

async function load(client: KeyspacesClient, name: TableName, file: string, rejectsFile: string): Promise<OwnFigures> {
  const { lines, seconds } = await ingestInvoices(client, name, await openInvoiceFile(file, NOTHING_GIVEN), {
    rejectsFile,
  });
  return { rows: lines, seconds };
}

/** From the table to finished aggregates of each customer. */
async function read(client: KeyspacesClient, name: TableName): Promise<OwnFigures> {
  const start = performance.now();
  const { lines, aggregate } = await readCustomers(client, name);
  if (aggregate.customers.length === 0) throw new Error("no customer was read");
  return { rows: lines, seconds: (performance.now() - start) / 1000 };
}

async function inspect(file: string): Promise<OwnFigures> {
  const start = performance.now();
  const options = { preparation: "net", analysisDate: null, now: () => new Date() } as const;
  const { ledger } = await inspectFile(file, NOTHING_GIVEN, options);
  return { rows: ledger.lines, seconds: (performance.now() - start) / 1000 };
}

async function main([what, port, keyspace = "", table = "", file = "", rejectsFile = ""]: string[]): Promise<void> {
  if (what === "inspect") {
    console.log(JSON.stringify(await inspect(file)));
    return;
  }
  const client = await connect(Number(port));
  try {
    const name = { keyspace, table };
    const figures = what === "load" ? await load(client, name, file, rejectsFile) : await read(client, name);
    console.log(JSON.stringify(figures));
  } finally {
    await client.shutdown();
  }
}

void main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
