import { type PackedRows, RowCursor } from "./driver/packed_rows.js";

/** Takes the rows of one token range, partition after partition, each in one piece and in its clustering order. */
export interface PartitionFold {
  row(row: RowCursor): void;
  /** The partition is complete. */
  end(): void;
  /** The partition will be read again from its first row: forget what has been read of it. */
  drop(): void;
}

/**
 * Tells where one partition ends and the next begins in a range's pages, and after a break which rows are there for the second time.
 * A page may end anywhere in a partition. The first column is the partition key.
 */
export class PartitionReader {
  /** Partitions that are complete. */
  complete = 0;
  private completeRows = 0;
  private readonly fold: PartitionFold;
  private readonly columns: number;
  /** The partition that is being read. */
  private current: Buffer | null = null;
  private currentRows = 0;
  private previous: Buffer | null = null;
  private afterBreak = false;

  constructor(fold: PartitionFold, columns: number) {
    this.fold = fold;
    this.columns = columns;
  }

  /** Key of the partition from which to go on after a break; null where none has begun since the last one. */
  get key(): Buffer | null {
    return this.current;
  }

  /** All rows taken, those of the partition being read included. */
  get rows(): number {
    return this.completeRows + this.currentRows;
  }

  /** @returns how many rows of the page were new */
  take(page: PackedRows): number {
    const before = this.rows;
    const row = new RowCursor(page, this.columns);
    while (row.next()) {
      if (this.current === null || !row.holds(0, this.current)) {
        // Two keys can have one token. Reading on from it begins with the one that was complete.
        if (this.afterBreak && this.previous !== null && row.holds(0, this.previous)) continue;
        this.end();
        this.current = row.copyOf(0);
        this.afterBreak = false;
      }
      this.currentRows++;
      this.fold.row(row);
    }
    return this.rows - before;
  }

  /** The range ends here. */
  end(): void {
    if (this.current === null) return;
    this.fold.end();
    this.complete++;
    this.completeRows += this.currentRows;
    this.currentRows = 0;
    this.previous = this.current;
    this.current = null;
  }

  /**
   * Paging broke off; the range will be read on from the first row of {@link key}.
   *
   * @returns how many rows will come again
   */
  break(): number {
    const again = this.currentRows;
    this.fold.drop();
    this.current = null;
    this.currentRows = 0;
    this.afterBreak = true;
    return again;
  }
}
