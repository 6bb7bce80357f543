import { dpuItemOf, estimatedDpuSeconds, type Workers, writingDpuSeconds, writingRate } from "./glue.js";
import { RESULT_ROW_BYTES, STORED_ROW_BYTES } from "./row_size.js";
import { NEW_TABLE_REQUESTS } from "./table_keys.js";
import { readUnits, scanUnits } from "./units.js";
import { SERVERLESS, type Step, Usage } from "./usage.js";

/** What the rows of a file come to. */
export interface WeighedFile {
  readonly rows: number;
  /** For reading and writing, all rows together. */
  readonly rowBytes: number;
  readonly writeUnits: number;
  /** About so many, where not all of the file was looked at. */
  readonly customers: number;
  readonly invoices: number;
  /** False where the figures are foretold from its first lines, for as many bytes as it has. */
  readonly isWhole: boolean;
}

/** What a run is going to do. */
export interface RunPlan {
  /** The table that the rows of the file go to. */
  readonly table: string;
  /** Number of clusters. */
  readonly k: number;
  readonly instanceType: string;
  readonly instances: number;
  readonly scoring: "local" | "batch_transform" | "endpoint";
  /** A key of one's own that encrypts tables and what is written to S3; null: each service's. */
  readonly kmsKey: string | null;
  /** Whether Spark reads the table and writes customers' clusters, in jobs of Glue with these workers. Default "node". */
  readonly engine?: "node" | "spark";
  readonly sparkWorkerType?: string;
  readonly sparkWorkers?: number;
  /** Rows that are written in a second at most; null: as many as a new table takes at once. */
  readonly maxRowsPerSecond?: number | null;
  /** After so many minutes a job of Glue is ended. */
  readonly sparkTimeoutMinutes?: number;
}

/** Assumed where nothing is known before: what jobs with small data have been billed for, 37 to 129 s; see the README. */
const ASSUMED_SECONDS = { training: 120, transform: 240, serverless: 10 } as const;

/** What Spark writes where nothing else is asked for. */
const SPARK_ROWS_PER_SECOND = 4000;
/** The lines read for looking around. */
const SAMPLE_ROWS = 1000;
/** A page ends there, and is read to its end. */
const PAGE_BYTES = 1024 * 1024;
/** A customer's rows in the two tables of results. */
const TABLES_BY_CUSTOMER = 2;
/** Invoices and loads; what clusters are, whose they are, both ways, and which are known. */
const TABLES_OF_LOADS = 2;
const TABLES_OF_RESULTS = 4;
/** The records of a load, which is noted before it begins, and of a run's clusters are a few KB each. */
const LOAD_RECORD_UNITS = 7;
const MEMORY_UNITS = 4;
const LOOK_UPS = 6;
/** Requests to S3, as a run makes them. */
const REQUESTS: Readonly<Partial<Record<Step, { s3Writes: number; s3Reads: number }>>> = {
  download: { s3Writes: 1, s3Reads: 3 },
  train: { s3Writes: 1, s3Reads: 1 },
  keep: { s3Writes: 8, s3Reads: 1 },
  cleanUp: { s3Writes: 6, s3Reads: 8 },
};
/** What a customer takes as a line of features and of results in S3. */
const CUSTOMER_FILE_BYTES = 200;

/** A write unit lists so many invoices with numbers of 16 characters; of those with 6, fifty. */
const LISTED_IN_A_UNIT = 20;

/** What more it takes where the table holds rows of other files: each invoice is looked for, and those that were not there are listed. */
export function usageBesideOthers({ invoices }: WeighedFile): Usage {
  const usage = new Usage();
  usage.add("ingest", "readUnits", invoices);
  usage.add("ingest", "writeUnits", Math.ceil(invoices / LISTED_IN_A_UNIT));
  return usage;
}

/** What Spark runs on. */
export const workersOf = ({ sparkWorkerType = "G.1X", sparkWorkers = 2 }: RunPlan): Workers => {
  return { workerType: sparkWorkerType, workers: sparkWorkers };
};

/** Rows a second that Spark is asked to write, and how many it does. */
export function sparkRates(plan: RunPlan): { asked: number; written: number } {
  const asked = plan.maxRowsPerSecond ?? SPARK_ROWS_PER_SECOND;
  return { asked, written: writingRate(asked, workersOf(plan)) };
}

/** How long Spark writes the clusters of so many customers, once it has begun. */
export const writingSeconds = (customers: number, plan: RunPlan): number =>
  (TABLES_BY_CUSTOMER * customers) / sparkRates(plan).written;

/** What a table holds, as far as is known. */
export type TableSize = Pick<WeighedFile, "rows" | "customers">;

/**
 * What a run will take.
 *
 * @param table default what the file has, as if the table was empty before
 */
export function estimateUsage(file: WeighedFile, plan: RunPlan, table: TableSize = file): Usage {
  const { k, instanceType, instances, scoring, kmsKey, engine = "node" } = plan;
  const usage = new Usage();
  for (const [step, { s3Writes, s3Reads }] of Object.entries(REQUESTS) as [
    Step,
    { s3Writes: number; s3Reads: number },
  ][]) {
    usage.add(step, "s3Writes", s3Writes);
    usage.add(step, "s3Reads", s3Reads);
    if (kmsKey !== null && step !== "cleanUp") usage.add(step, "kmsRequests", s3Writes + s3Reads);
  }
  if (kmsKey !== null) {
    usage.add("ingest", "kmsRequests", TABLES_OF_LOADS * NEW_TABLE_REQUESTS);
    usage.add("keep", "kmsRequests", TABLES_OF_RESULTS * NEW_TABLE_REQUESTS);
  }
  usage.add("ingest", "writeUnits", file.writeUnits + LOAD_RECORD_UNITS);
  usage.add("ingest", "readUnits", LOOK_UPS);
  const rowBytes = file.rows === 0 ? 0 : file.rowBytes / file.rows;
  const onPage = Math.min(SAMPLE_ROWS, Math.floor(PAGE_BYTES / Math.max(1, rowBytes)));
  const sampled = Math.min(file.rows, onPage * Math.ceil(SAMPLE_ROWS / onPage));
  const read = { rows: table.rows, bytes: table.rows === file.rows ? file.rowBytes : table.rows * rowBytes };
  usage.add("read", "readUnits", scanUnits(read.rows, read.bytes) + readUnits(sampled * rowBytes));
  if (engine === "spark") {
    const workers = workersOf(plan);
    const item = dpuItemOf(workers.workerType);
    usage.add("read", item, estimatedDpuSeconds(read.rows, workers));
    const { written } = sparkRates(plan);
    usage.add("keep", item, writingDpuSeconds(TABLES_BY_CUSTOMER * table.customers, written, workers));
  }
  usage.add("train", `training:${instanceType}`, ASSUMED_SECONDS.training * instances);
  const results = TABLES_BY_CUSTOMER * table.customers + k;
  usage.add("keep", "writeUnits", results + MEMORY_UNITS);
  usage.add("keep", "readUnits", LOOK_UPS);
  usage.add("further", "readUnits", LOOK_UPS);
  if (scoring === "batch_transform") usage.add("further", `transform:${instanceType}`, ASSUMED_SECONDS.transform);
  if (scoring === "endpoint") usage.add("further", SERVERLESS, ASSUMED_SECONDS.serverless);
  usage.add("ingest", "keyspacesBytes", file.rowBytes + file.rows * STORED_ROW_BYTES);
  usage.add("keep", "keyspacesBytes", results * (RESULT_ROW_BYTES + STORED_ROW_BYTES));
  usage.add("keep", "s3Bytes", 2 * CUSTOMER_FILE_BYTES * table.customers);
  return usage;
}
