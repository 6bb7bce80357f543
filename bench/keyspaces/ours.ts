/**
 * Our side of the measurements, a process of its own: `ours.js load|read|inspect <port> <keyspace> <table> [file] [rejects file]`.
 * Prints one line of JSON, a {@link OwnFigures}.
 */

import { inspectFile, NOTHING_GIVEN, openInvoiceFile } from "@keyspaces-segmentation/invoice-files";
import { ingestInvoices, readCustomers } from "@keyspaces-segmentation/invoice-store";
import {
  connectToKeyspaces,
  type KeyspacesClient,
  readEndpoint,
  type TableName,
} from "@keyspaces-segmentation/keyspaces-bulk";
import { connectPlainly } from "../connect.js";
import type { OwnFigures } from "../recorder.js";

/** Through the gateway where the environment names it, else straight to Cassandra. */
async function connect(port: number): Promise<KeyspacesClient> {
  const { KEYSPACES_ENDPOINT, KEYSPACES_CA_FILE = null, AWS_REGION = "", ...environment } = process.env;
  const keyspacesEndpoint = readEndpoint("KEYSPACES_ENDPOINT", KEYSPACES_ENDPOINT);
  if (keyspacesEndpoint === null) return connectPlainly(port);
  const { AWS_ACCESS_KEY_ID: accessKeyId = "", AWS_SECRET_ACCESS_KEY: secretAccessKey = "" } = environment;
  const credentials = { accessKeyId, secretAccessKey, sessionToken: environment.AWS_SESSION_TOKEN ?? "" };
  const session = { region: AWS_REGION, account: "", arn: "", userId: "", credentials: async () => credentials };
  return connectToKeyspaces(session, { keyspacesEndpoint, keyspacesCaFile: KEYSPACES_CA_FILE });
}

async function load(client: KeyspacesClient, name: TableName, file: string, rejectsFile: string): Promise<OwnFigures> {
  const start = performance.now();
  const opened = await openInvoiceFile(file, NOTHING_GIVEN);
  const readingSeconds = (performance.now() - start) / 1000;
  const { lines, seconds } = await ingestInvoices(client, name, opened, { rejectsFile });
  return { rows: lines, seconds: readingSeconds + seconds, readingSeconds };
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
