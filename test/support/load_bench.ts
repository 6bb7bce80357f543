import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
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
  type TableReadOptions,
} from "@keyspaces-segmentation/invoice-store";
import type { LoadOptions } from "@keyspaces-segmentation/invoice-store/dist/load_file.js";
import { journalOf } from "@keyspaces-segmentation/invoice-store/dist/load_journal.js";
import { countingOf } from "@keyspaces-segmentation/invoice-store/dist/read_invoices.js";
import type { RetailAggregate, RetailTotals } from "@keyspaces-segmentation/invoices";
import type { KeyspacesClient } from "@keyspaces-segmentation/keyspaces-bulk";
import { readSettings } from "../../src/settings.js";
import { withKeyspace } from "./keyspaces.js";
import { tableContents } from "./table_contents.js";

const header = "Invoice,StockCode,Description,Quantity,InvoiceDate,Price,Customer ID,Country";

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
  const begin = async () => {
    where = { keyspace: it.keyspace, table: `t${count++}`, bucket, prefix: "runs" };
    await createRetailTable(it.client, where);
  };
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "loads-"));
  });
  beforeEach(begin);
  afterAll(() => rm(folder, { recursive: true }));

  const fileOf = async (lines: readonly string[], given: Partial<GivenFile> = {}): Promise<InvoiceFile> => {
    const path = join(folder, `${count++}.csv`);
    await writeFile(path, `${[header, ...lines].join("\n")}\n`);
    return openInvoiceFile(path, { ...NOTHING_GIVEN, dateOrder: "month_first", timeZone: "UTC", ...given });
  };
  return {
    client: (): KeyspacesClient => it.client,
    table: () => where,
    /** Goes on with a new table. */
    begin,
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
    /** Reads what changed, where that goes, and beside it the whole table. */
    async read(options: Partial<Pick<TableReadOptions, "analysisDate" | "keep">> = {}) {
      const { analysisDate = null, keep = true } = options;
      const unitsOfScan = (rows: number) => rows / 30 + 16;
      const wanted = { read: "changed", keep, isContinued: true, analysisDate, unitsOfScan } as const;
      const { rules, until } = countingOf((await journalOf(it.client, where)).loads, { analysisDate });
      const read = await readTable(it.client, aws, where, wanted);
      const whole = await readCustomers(it.client, where, { rules, until, cut: read.cut });
      const { newInvoices, whyWhole, whyNotKept, conflicts } = read;
      const isSame = isDeepStrictEqual(resultOf(read), resultOf(whole));
      return { isSame, lines: [read.lines, whole.lines], newInvoices, whyWhole, whyNotKept, conflicts };
    },
  };
}

/** All that is made of a table. */
const resultOf = ({ aggregate, cut, beforeCut, ledger, lines, reusedNumbers, later }: RetailTotals) => {
  const listed = (of: RetailAggregate | null) => of && { ...of, customers: [...of.customers] };
  return { aggregate: listed(aggregate), cut, beforeCut: listed(beforeCut), ledger, lines, reusedNumbers, later };
};

/** A line for each invoice. */
export const invoiceLines = (first: number, last: number): string[] =>
  Array.from({ length: last - first + 1 }, (_, i) => {
    const invoice = first + i;
    return `${invoice},2000${invoice % 3},thing,1,01/05/2011 10:00,2.50,${7000 + (invoice % 5)},Norway`;
  });
