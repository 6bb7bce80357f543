export { type CellReader, decimalReader, readInt, textReader, timestampReader } from "./cell_decoding.js";
export { connectToKeyspaces, type Endpoint } from "./connect.js";
export {
  createTable,
  ddlDeadlineMs,
  hasOwnTable,
  hasTable,
  type Made,
  runDdl,
  type SchemaOptions,
} from "./create_table.js";
export { innermost, keyspacesFailure } from "./failure.js";
export { type IngestOptions, type IngestReport, ingestFile } from "./ingest.js";
export type { IngestProgress } from "./ingest_pace.js";
export { KeyspacesClient } from "./keyspaces_client.js";
export { batchSize, requestsAtOnce } from "./limits.js";
export { type Invoices, invoicesTag, type Mark, markOf, markTags, ownerOf, unmarkedHint } from "./marks.js";
export { acceptMaxRejects, type MaxRejects, maxRejectsRule } from "./max_rejects.js";
export { noOverlap, type Overlap } from "./overlap.js";
export type { RowCursor } from "./packed_rows.js";
export { readRows } from "./read_rows.js";
export { reconnection } from "./reconnection.js";
export { withRetries } from "./retry.js";
export { type ScanOptions, type ScanReport, scanTable } from "./scan.js";
export { sigV4AuthProvider } from "./sigv4.js";
export {
  insertInto,
  loadsTable,
  qualified,
  quoted,
  retailTable,
  type TableDefinition,
  type TableName,
} from "./tables.js";
export { splitTokenRing } from "./token_ranges.js";
