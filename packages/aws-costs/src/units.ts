const WRITE_UNIT_BYTES = 1024;
const READ_UNIT_BYTES = 4096;

/**
 * Write request units of one row: one for every started KB, at least one, be it deleted or a condition failed. In a LOGGED batch twice.
 *
 * @see https://docs.aws.amazon.com/keyspaces/latest/devguide/ReadWriteCapacityMode.html
 */
export function writeUnits(bytes: number, { logged = false }: { logged?: boolean } = {}): number {
  return Math.max(1, Math.ceil(bytes / WRITE_UNIT_BYTES)) * (logged ? 2 : 1);
}

/**
 * Read request units of one request: one for every started 4 KB of the rows that it has read, together, at least one; half of it at
 * LOCAL_ONE. That rows are added up before rounding is what the guide's examples say: rows of more than 4 KB, something, and more than
 * 4 KB again are three units, and the last two of them two.
 *
 * @see https://docs.aws.amazon.com/keyspaces/latest/devguide/range_queries.html
 * @see https://docs.aws.amazon.com/keyspaces/latest/devguide/table_scans.html
 */
export function readUnits(bytes: number, { localOne = false }: { localOne?: boolean } = {}): number {
  return Math.max(1, Math.ceil(bytes / READ_UNIT_BYTES)) * (localOne ? 0.5 : 1);
}

/** The scan's token ranges, the last page of each is begun and not full. */
const RANGES = 32;

/** Read request units of a scan of a whole table at LOCAL_QUORUM, in {@link RANGES} ranges. */
export function scanUnits(rows: number, bytes: number): number {
  return readUnits(bytes) + Math.ceil(Math.min(RANGES, Math.max(1, rows)) / 2);
}
