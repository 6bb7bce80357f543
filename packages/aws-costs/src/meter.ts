import { readRequest, type ServiceRequest, type UnnamedRun } from "./requests.js";
import { RESULT_ROW_BYTES, type RowBytes, rowSize, STORED_ROW_BYTES, type TableColumns } from "./row_size.js";
import { TableKeys } from "./table_keys.js";
import { readUnits, scanUnits, writeUnits } from "./units.js";
import { type Step, Usage } from "./usage.js";

/** Rows that a request has written, or tried to. */
export interface WrittenRows {
  readonly table: string;
  /** Whether they are inserted; by an UPDATE or DELETE nothing more is stored. */
  readonly inserts: boolean;
  /** What the statement binds, in its order; see `rowSize`. */
  readonly columns: readonly string[];
  readonly rows: readonly RowBytes[];
  readonly logged: boolean;
}

/** A page that a request has read. */
export interface ReadPage {
  readonly table: string;
  readonly rows: number;
  /** That came with it, as far as known: it is billed for no less. */
  readonly bytes?: number;
  readonly localOne: boolean;
}

/** Where a table's rows have not been seen. */
const GUESSED_ROW_BYTES = 200;

/**
 * Counts what is sent to Keyspaces, S3 and SageMaker: to be told of each request, also of those that are sent again.
 *
 * What a page has read is told by its rows and the mean row of that table, as written or weighed in this run: a SELECT of some columns
 * is billed for all of them. Where more than that has come, it is what has come.
 */
export class Meter {
  readonly usage: Usage = new Usage();
  /** The step that what comes is counted to. */
  step: Step = "download";
  private keys: TableKeys | undefined;
  private readonly tables: Readonly<Record<string, TableColumns>>;
  private readonly sizes = new Map<string, (row: RowBytes) => number>();
  private readonly seen = new Map<string, { rows: number; bytes: number }>();
  private readonly ownJobs = new Map<string, Step>();
  private readonly unnamedRuns: UnnamedRun[] = [];

  /** @param tables those that are written to, by name; rows of others are weighed as regular columns */
  constructor(tables: Readonly<Record<string, TableColumns>>) {
    this.tables = tables;
  }

  /** From now on tables are encrypted with a key of one's own. @param now milliseconds */
  encryptTables(now: () => number = Date.now): void {
    this.keys ??= new TableKeys(now);
  }

  /** Tells of rows that were weighed and not written. */
  learn(table: string, { rows, bytes }: { rows: number; bytes: number }): void {
    const seen = this.seen.get(table) ?? { rows: 0, bytes: 0 };
    this.seen.set(table, { rows: seen.rows + rows, bytes: seen.bytes + bytes });
  }

  onWrite({ table, inserts, columns, rows, logged }: WrittenRows): void {
    this.useKey(table);
    const size = this.sizeOf(table, columns);
    let [units, bytes] = [0, 0];
    for (const row of rows) {
      const weight = size(row);
      bytes += weight;
      units += writeUnits(weight, { logged });
    }
    this.usage.add(this.step, "writeUnits", units);
    if (!inserts) return;
    this.learn(table, { rows: rows.length, bytes });
    this.usage.add(this.step, "keyspacesBytes", bytes + rows.length * STORED_ROW_BYTES);
  }

  onRead({ table, rows, bytes = 0, localOne }: ReadPage): void {
    this.useKey(table);
    this.usage.add(this.step, "readUnits", readUnits(Math.max(bytes, rows * this.meanBytes(table)), { localOne }));
  }

  /** Tells of read units that a job of the run has counted itself. */
  onReadUnits(units: number): void {
    this.usage.add(this.step, "readUnits", units);
  }

  /** Tells of rows of results that a job of the run has written, each well below a KB. */
  onRowsWritten(rows: number): void {
    this.usage.add(this.step, "writeUnits", rows);
    this.usage.add(this.step, "keyspacesBytes", rows * (RESULT_ROW_BYTES + STORED_ROW_BYTES));
  }

  /** Read units of a scan at LOCAL_QUORUM of so many rows of a table, as its rows have been seen. */
  unitsOfScan(table: string, rows: number): number {
    return scanUnits(rows, rows * this.meanBytes(table));
  }

  onRequest(request: ServiceRequest): void {
    const { usage, ownJobs, unnamedRuns } = this;
    readRequest(request, this.step, { usage, ownJobs, unnamedRuns });
  }

  private useKey(table: string): void {
    // Those of the service's own have its key.
    if (this.keys && table in this.tables) this.usage.add(this.step, "kmsRequests", this.keys.use(table));
  }

  /** What a row of a table weighs on average, as far as has been seen. */
  meanBytes(table: string): number {
    const seen = this.seen.get(table);
    return seen === undefined || seen.rows === 0 ? GUESSED_ROW_BYTES : seen.bytes / seen.rows;
  }

  private sizeOf(table: string, columns: readonly string[]): (row: RowBytes) => number {
    const key = `${table}(${columns.join()})`;
    let size = this.sizes.get(key);
    if (size === undefined) {
      size = rowSize(this.tables[table] ?? { columns: {}, primaryKey: "" }, columns);
      this.sizes.set(key, size);
    }
    return size;
  }
}
