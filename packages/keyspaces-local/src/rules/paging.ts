import { createHash } from "node:crypto";
import { seededRandom } from "@keyspaces-segmentation/local-support";
import type { ListedSelect } from "../cql/listed_select.js";
import { protocolError } from "../protocol/refusal.js";

/** How pages end before the client's page size is reached. */
export interface PageOptions {
  /** What one page may hold; one row at least. */
  readonly maxBytes: number;
  /** How often a page of a scan comes empty although there is more, 0 to 1. */
  readonly emptyScanPages: number;
  /** The same where rows are filtered, which the service does after it has read a page. */
  readonly emptyFilteredPages: number;
  /** Rows on a page of system_schema_mcs, which then counts as filtered; undefined: as many as the client wants. */
  readonly systemRows: number | undefined;
  /** The same seed empties the same pages, as long as they are asked for in the same order. */
  readonly seed: number;
}

const defaults: PageOptions = {
  maxBytes: 1024 * 1024,
  emptyScanPages: 0.1,
  emptyFilteredPages: 0.5,
  systemRows: undefined,
  seed: 1,
};

/** How much less than the client wants is read of a filtered table: the service counts what it reads, not what passes. */
const FILTERED_SHARE = 0.25;
/** Pages are made a little smaller than the last one suggests. */
const HEADROOM = 0.9;
const REMEMBERED_STATEMENTS = 1000;

/** What the size and the emptiness of a SELECT's pages depend on. */
export interface PagedStatement {
  /** Stands for the statement in paging states: the same for the same text and table. */
  readonly fingerprint: string;
  /** Neither one partition nor a list of them. */
  readonly scans: boolean;
  readonly filters: boolean;
  /** On a table of the service's own. */
  readonly ofSystem: boolean;
  /** Of one with IN that is carried out by subqueries: which. */
  readonly listed: ListedSelect | undefined;
}

export function pagedStatement(
  path: string,
  text: string,
  options: { scans: boolean; filters: boolean; ofSystem?: boolean; listed?: ListedSelect | undefined },
): PagedStatement {
  const { scans, filters, ofSystem = false, listed } = options;
  return {
    scans,
    filters,
    ofSystem,
    listed,
    fingerprint: createHash("sha256").update(`${path}\0${text}`).digest("base64"),
  };
}

/** A gateway's pages. */
export interface Pages {
  readonly maxBytes: number;
  readonly systemRows: number | undefined;
  /** Whether any page comes empty before the end. */
  readonly haveEmpty: boolean;
  /** How many rows to ask for; undefined for as many as there are. */
  pageSize(statement: PagedStatement, wanted: number | undefined): number | undefined;
  /** Remembers how large the statement's rows are. */
  learn(statement: PagedStatement, rows: number, bytes: number): void;
  /** Whether the page comes empty. */
  drawEmpty(statement: PagedStatement): boolean;
}

export function createPages(options: Partial<PageOptions> = {}): Pages {
  const { maxBytes, emptyScanPages, emptyFilteredPages, systemRows, seed } = { ...defaults, ...options };
  const random = seededRandom(seed);
  const rowsPerPage = new Map<string, number>();
  return {
    maxBytes,
    systemRows,
    haveEmpty: emptyScanPages > 0 || emptyFilteredPages > 0,
    pageSize: ({ fingerprint, filters, ofSystem }, wanted) => {
      if (ofSystem) return Math.min(systemRows ?? Number.POSITIVE_INFINITY, wanted ?? Number.POSITIVE_INFINITY);
      const share = filters && wanted !== undefined ? Math.ceil(wanted * FILTERED_SHARE) : wanted;
      const fitting = rowsPerPage.get(fingerprint);
      return fitting === undefined ? share : Math.min(fitting, share ?? fitting);
    },
    learn: ({ fingerprint }, rows, bytes) => {
      rowsPerPage.delete(fingerprint);
      rowsPerPage.set(fingerprint, Math.max(1, Math.floor((rows * maxBytes * HEADROOM) / bytes)));
      if (rowsPerPage.size > REMEMBERED_STATEMENTS) rowsPerPage.delete(rowsPerPage.keys().next().value as string);
    },
    drawEmpty: ({ scans, filters }) => {
      const share = filters ? emptyFilteredPages : scans ? emptyScanPages : 0;
      return share > 0 && random() < share;
    },
  };
}

/** Where a page begins. */
export interface PagePosition {
  /** Cassandra's own paging state; undefined at the start. */
  readonly state: Buffer | undefined;
  /** The page before this one came empty, so this one does not. */
  readonly wasEmpty: boolean;
}

/** Begins every paging state that clients get, before a check sum: what does not begin so is not from here. */
const MARK = Buffer.from("KSP");
const CHECK_BYTES = 8;
const CHECK_START = MARK.length + 1;
const STATE_START = CHECK_START + CHECK_BYTES;

/** Of the statement too: the same bytes would stand for a place in another result. */
function checkSum({ fingerprint }: PagedStatement, wasEmpty: number, state: Buffer | undefined): Buffer {
  const hash = createHash("sha256")
    .update(fingerprint)
    .update(Buffer.from([wasEmpty]));
  return (state ? hash.update(state) : hash).digest().subarray(0, CHECK_BYTES);
}

export function writePosition(statement: PagedStatement, { state, wasEmpty }: PagePosition): Buffer {
  const flag = wasEmpty ? 1 : 0;
  const head = [MARK, Buffer.from([flag]), checkSum(statement, flag, state)];
  return Buffer.concat(state ? [...head, state] : head);
}

/** @throws Refusal for a paging state that was not given out for this statement */
export function readPosition(statement: PagedStatement, bytes: Buffer | undefined): PagePosition {
  if (bytes === undefined) return { state: undefined, wasEmpty: false };
  const state = bytes.length > STATE_START ? bytes.subarray(STATE_START) : undefined;
  const flag = bytes[MARK.length] ?? 0;
  const isOurs =
    bytes.subarray(0, MARK.length).equals(MARK) &&
    bytes.subarray(CHECK_START, STATE_START).equals(checkSum(statement, flag, state));
  if (!isOurs) throw protocolError("Invalid value for the paging state");
  return { state, wasEmpty: flag === 1 };
}
