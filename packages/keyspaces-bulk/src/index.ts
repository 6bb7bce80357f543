export {
  type CellReader,
  decimalReader,
  readInt,
  runningTextReader,
  textReader,
  timestampReader,
} from "./cell_decoding.js";
export {
  connectToKeyspaces,
  type Endpoint,
  endpointFor,
  endpointOf,
  type KeyspacesSettings,
  readEndpoint,
} from "./connect.js";
export {
  createTable,
  ddlDeadlineMs,
  hasOwnTable,
  hasTable,
  type Made,
  type NewTableOptions,
  type SchemaOptions,
} from "./create_table.js";
export { KeyspacesClient } from "./driver/keyspaces_client.js";
export type { RowCursor } from "./driver/packed_rows.js";
export { reconnection } from "./driver/reconnection.js";
export type { Traffic } from "./driver/traffic.js";
export { innermost, keyspacesFailure } from "./failure.js";
export { type IngestOptions, type IngestReport, ingestFile } from "./ingest.js";
export type { IngestProgress } from "./ingest_progress.js";
export { batchSize } from "./limits.js";
export { markedTags, markTags, markTagsOver, type Tags, tagLiteral, unmarkedHint } from "./marks.js";
export type { PartitionFold } from "./partitions.js";
export { readPartitions } from "./read_partitions.js";
export { acceptMaxRejects, type MaxRejects, maxRejectsRule } from "./rejects.js";
export { withRetries } from "./retry.js";
export { type EncodedRow, rowEncoder } from "./row_encoding.js";
export { type ScanOptions, type ScanReport, scanTable } from "./scan.js";
export { sigV4AuthProvider } from "./sigv4.js";
export type { Chunk } from "./source.js";
export { insertInto, qualified, quoted, readRows, runDdl, type TableDefinition, type TableName } from "./statements.js";
export { keysOfTables } from "./table_keys.js";
export { splitTokenRing } from "./token_ranges.js";
export { type BoundStatement, writeBatches } from "./write_batches.js";
