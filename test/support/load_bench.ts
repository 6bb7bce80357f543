import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, beforeEach } from "@jest/globals";
import { type AwsSession, signIn } from "@keyspaces-segmentation/aws-session";
import {
  type GivenFile,
  type InvoiceFile,
  NOTHING_GIVEN,
  openInvoiceFile,
} from "@keyspaces-segmentation/invoice-files";
import {
  createRetailTable,
  loadFile,
  lookAtTable,
  readCustomers,
  readTable,
} from "@keyspaces-segmentation/invoice-store";
import type { LoadOptions } from "@keyspaces-segmentation/invoice-store/dist/load_file.js";
import { journalOf } from "@keyspaces-segmentation/invoice-store/dist/load_journal.js";
import type { KeyspacesClient } from "@keyspaces-segmentation/keyspaces-bulk";
import { readSettings } from "../../src/settings.js";
import { withKeyspace } from "./keyspaces.js";
import { tableContents } from "./table_contents.js";

const header = "Invoice,StockCode,Description,Quantity,InvoiceDate,Price,Customer ID,Country";
const asWanted = { read: "changed", keep: true, isContinued: true, analysisDate: null } as const;

/** Loads into, and reads of, a new table for each test, with the last read kept in S3. */
export function loadBench(bucket: string) {
  const it = withKeyspace();
  let aws: AwsSession;
  let folder: string;
  let where: { keyspace: string; table: string; bucket: string; prefix: string };
  let count = 0;
  beforeAll(async () => {
    aws = await signIn(readSettings({ dataBucket: "data-bucket", dataKey: "data.csv" }));
    await new S3Client({ region: aws.region, forcePathStyle: true }).send(new CreateBucketCommand({ Bucket: bucket }));
  });
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "loads-"));
    where = { keyspace: it.keyspace, table: `t${count++}`, bucket, prefix: "runs" };
    await createRetailTable(it.client, where);
  });
  afterAll(() => rm(folder, { recursive: true }));

  const fileOf = async (lines: readonly string[], given: Partial<GivenFile> = {}): Promise<InvoiceFile> => {
    const path = join(folder, `${count++}.csv`);
    await writeFile(path, `${[header, ...lines].join("\n")}\n`);
    return openInvoiceFile(path, { ...NOTHING_GIVEN, dateOrder: "month_first", timeZone: "UTC", ...given });
  };
  return {
    client: (): KeyspacesClient => it.client,
    table: () => where,
    fileOf,
    /** Loads it, as a notebook of its own with no checkpoint of others. */
    load: (uri: string, file: InvoiceFile, options: Partial<LoadOptions> = {}) =>
      loadFile(
        it.client,
        where,
        { file, uri },
        { rejectsFile: join(folder, `notebook-${count++}`, "rejects.csv"), maxRejects: "100%", ...options },
      ),
    journal: () => journalOf(it.client, where),
    look: () => lookAtTable(it.client, where, { analysisDate: null }),
    rows: () => tableContents(it.client, where),
    /** Reads what changed, where that goes, and beside it the whole table: how many lines each has found. */
    async read() {
      const read = await readTable(it.client, aws, where, { ...asWanted, unitsOfScan: (rows) => rows / 30 + 16 });
      const whole = await readCustomers(it.client, where);
      const { newInvoices, whyWhole, whyNotKept, conflicts } = read;
      return { lines: [read.lines, whole.lines], newInvoices, whyWhole, whyNotKept, conflicts };
    },
  };
}

/** A line for each invoice. */
export const invoiceLines = (first: number, last: number): string[] =>
  Array.from({ length: last - first + 1 }, (_, i) => {
    const invoice = first + i;
    return `${invoice},2000${invoice % 3},thing,1,01/05/2011 10:00,2.50,${7000 + (invoice % 5)},Norway`;
  });
