import { ingestInvoices } from "@keyspaces-segmentation/invoice-store/dist/ingest_invoices.js";
import type { Endpoint } from "@keyspaces-segmentation/keyspaces-bulk";
import { connectToKeyspaces } from "@keyspaces-segmentation/keyspaces-bulk";
import { invoiceFile } from "./invoice_files.js";
import { sessionOf } from "./session.js";

/** What the process is told, as JSON in its first argument. */
export interface IngestOrder {
  endpoint: Endpoint;
  caFile: string;
  region: string;
  credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
  keyspace: string;
  table: string;
  file: string;
  rejectsFile: string;
  maxRowsPerSecond: number;
}

export const CONNECTED = "connected";

/** An ingest in a process of its own, which can be killed; says when it begins, and prints its report as JSON. */
async function main(): Promise<void> {
  const order = JSON.parse(process.argv[2]!) as IngestOrder;
  const { region, credentials, endpoint, caFile, file, rejectsFile, maxRowsPerSecond } = order;
  const client = await connectToKeyspaces(sessionOf({ region, credentials: async () => credentials }), {
    keyspacesEndpoint: endpoint,
    keyspacesCaFile: caFile,
  });
  console.log(CONNECTED);
  const report = await ingestInvoices(client, order, await invoiceFile(file), { rejectsFile, maxRowsPerSecond });
  await client.shutdown();
  console.log(JSON.stringify(report));
}

if (require.main === module) void main();
