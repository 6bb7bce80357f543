import { createBoundValues, isLeftUnset, readBoundValues, requireEach } from "../protocol/bound_values.js";
import type { Frame } from "../protocol/frame.js";
import { invalid, noRowsIfInvalid } from "../protocol/refusal.js";
import { locateValues } from "../protocol/requests.js";
import { throttled } from "../protocol/responses.js";
import type { StatementInfo } from "../rules/plan_data.js";
import { refuseSecond } from "../rules/row_key.js";
import { RANGE_DELETE_LIMIT, type RowShape } from "../rules/row_shape.js";
import { partitionOf, type RowSize, sizeRules, weigh } from "../rules/row_size.js";
import { enforce } from "../rules/rules.js";
import { writeUnits } from "../rules/units.js";
import { beyondVarint, isBeyondVarint, refuseTimestamp } from "../rules/value_limits.js";
import type { TableRecord } from "../schema/records.js";
import type { CapturedWrite } from "../streams/capture.js";
import { ask, type Carry, passOnCaptured } from "./captured_writes.js";
import { applyTogether, type BoundPart, createTogether } from "./conditional_batches.js";
import { type Dispatch, passOn, type RequestContext } from "./request_context.js";

/** A statement that writes, alone or one of a BATCH, with where its values begin in the body. */
export interface Write {
  readonly info: StatementInfo;
  /** Of a BATCH, where its values begin; of a QUERY or EXECUTE, where its parameters do. */
  readonly at: number;
}

/** What all writes of one request have in common. */
export interface WriteRequest {
  readonly writes: readonly Write[];
  /** Whether they are those of a BATCH message. */
  readonly isBatch: boolean;
  readonly logged: boolean;
  readonly consistency: number;
}

/** Filled again for every row: a request is judged in one go, and this is done for every row there is. */
const values = createBoundValues();
const size: RowSize = { partitionKey: 0, clusteringKey: 0, hasEmptyClustering: false, row: 0 };

/**
 * Passes writes on if no row is too large and there is capacity for all of them. Returns a promise where rows have to be
 * counted first: of a DELETE that names no single row.
 *
 * @throws Refusal
 */
export function write(
  frame: Frame,
  request: WriteRequest,
  context: RequestContext,
  dispatch: Dispatch,
): void | Promise<void> {
  const { capacity, requests } = context;
  if (!capacity.admit(requests, 1)) throw throttled(true, request.consistency, "KL-CONNECTION-RATE");
  if (!hasRange(request)) return settle(frame, request, context, dispatch);
  return countRanges(frame, request, context).then((counts) => settle(frame, request, context, dispatch, counts));
}

function hasRange({ writes }: WriteRequest): boolean {
  for (const { info } of writes) for (const { range } of info.rows) if (range) return true;
  return false;
}

function settle(
  frame: Frame,
  request: WriteRequest,
  context: RequestContext,
  dispatch: Dispatch,
  counts?: readonly number[],
): void {
  const { capacity, lifecycle } = context;
  const factor = request.logged ? 2 : 1;
  let shape: RowShape | undefined;
  let table: TableRecord | undefined;
  let partition: number | undefined;
  let units = 0;
  let [rows, bytes] = [0, 0];
  let index = 0;
  const close = (): void => {
    if (!table) return;
    capacity.addWrite(table, partition, units * factor);
    if (shape?.stores) capacity.addRows(table, partition, rows, bytes);
  };
  const seen = request.logged ? new Set<string>() : undefined;
  const captured: CapturedWrite[] = [];
  const conditional = request.writes.some(({ info }) => info.conditional);
  const together = conditional && request.logged ? createTogether() : undefined;
  capacity.beginWrites();
  for (const { info, at } of request.writes) {
    locate(frame, request, info, at);
    if (together) requireEach(values, info.markers);
    for (const row of info.rows) {
      const isSame = row === shape;
      const itsTable = isSame && table ? table : lifecycle.requireTable(row.keyspace, row.table);
      enforce(sizeRules, weigh(row, values, size));
      if (row.timestamp !== undefined || row.varints.length > 0) checkBound(row, context.now());
      if (seen) refuseSecond(seen, row, values);
      const cost = Math.max(counts?.[index++] ?? 0, writeUnits(size.row));
      const key = partitionOf(row, values);
      if (itsTable.cdc) captured.push(...capturedWrites(row, itsTable));
      together?.add(row, values);
      // Neighbours of one partition go on one line of the bill.
      if (!isSame || key !== partition) {
        close();
        shape = row;
        table = itsTable;
        partition = key;
        units = 0;
        rows = 0;
        bytes = 0;
      }
      units += cost;
      rows++;
      bytes += size.row;
    }
  }
  close();
  if (!capacity.payWrites()) throw throttled(true, request.consistency, "KL-CAPACITY");
  // One without conditions is told before or after a batch that looks at some: it would be lost if it came between look and write.
  const carry =
    conditional || context.conditions.isAnyAlone ? carryInTurn(frame, request, context, together?.parts()) : undefined;
  dispatch(() =>
    captured.length > 0 || carry ? passOnCaptured(frame, captured, context, carry) : passOn(frame, context),
  );
}

/** @param parts of a batch that Cassandra does not take: one on several partitions */
function carryInTurn(
  frame: Frame,
  { writes }: WriteRequest,
  context: RequestContext,
  parts: readonly BoundPart[] | undefined,
): Carry {
  const { conditions, inFlight } = context;
  const tables = writes.flatMap(({ info }) => info.rows.map(({ keyspace, table }) => `${keyspace}.${table}`));
  // The connection may have ended while it waited.
  const act: Carry = async () => {
    if (!inFlight.has(frame.stream)) return undefined;
    return parts ? applyTogether(frame, parts, context) : ask(frame, context);
  };
  return () => (parts ? conditions.alone(tables, act) : conditions.together(tables, act));
}

/** What literals are checked for when a statement is read, of the values that are located now. @throws Refusal */
function checkBound({ timestamp, varints }: RowShape, now: Date): void {
  const time = timestamp === undefined ? null : valueAt(timestamp);
  const refused = time?.length === 8 ? refuseTimestamp(time.readBigInt64BE(), now) : undefined;
  if (refused !== undefined) throw invalid(refused, "KL-TIMESTAMP-RANGE");
  for (const marker of varints) {
    const bytes = valueAt(marker);
    // 10^38 has 16 bytes; all longer ones are beyond it, but for what is no shortest form.
    if (
      bytes &&
      bytes.length >= 16 &&
      isBeyondVarint(BigInt.asIntN(8 * bytes.length, BigInt(`0x${bytes.toString("hex")}`)))
    )
      throw invalid(beyondVarint, "KL-VARINT");
  }
}

/** Of the values that are located now. */
function capturedWrites(row: RowShape, table: TableRecord): CapturedWrite[] {
  const isUnset = (marker: number) => isLeftUnset(values, row.firstMarker + marker);
  return row.images().flatMap(({ where, markers, isStatic, written }) => {
    if (written?.every((each) => each.some(isUnset))) return [];
    return [{ table, where, values: markers.map((marker) => valueAt(row.firstMarker + marker)), isStatic }];
  });
}

function valueAt(marker: number): Buffer | null {
  const { source, starts, lengths, count } = values;
  const length = marker < count ? lengths[marker]! : -1;
  return length < 0 ? null : source.subarray(starts[marker]!, starts[marker]! + length);
}

function locate({ body }: Frame, { isBatch }: WriteRequest, info: StatementInfo, at: number): void {
  if (!isBatch) locateValues(body, at, info.markers, values);
  else readBoundValues(body, at, values);
}

/**
 * How many rows each write hits: one, but for a DELETE of a range.
 *
 * @throws Refusal if it would hit too many
 */
async function countRanges(frame: Frame, request: WriteRequest, { backend }: RequestContext): Promise<number[]> {
  const counts: number[] = [];
  for (const { info, at } of request.writes) {
    for (const row of info.rows) {
      const { range, firstMarker, markerCount } = row;
      if (!range) {
        counts.push(1);
        continue;
      }
      locate(frame, request, info, at);
      const bound: (Buffer | null)[] = [];
      const end = Math.min(values.count, firstMarker + markerCount);
      for (let index = firstMarker + range.firstMarker; index < end; index++) bound.push(valueAt(index));
      // What Cassandra does not take as a WHERE, it will refuse itself.
      const rows = await backend.query(range.text, bound).catch(noRowsIfInvalid);
      if (rows.length > RANGE_DELETE_LIMIT) {
        throw invalid(
          "Range delete requests are limited by the amount of items that can be deleted in a single range.",
          "KL-RANGE-DELETE",
        );
      }
      counts.push(Math.max(1, rows.length));
    }
  }
  return counts;
}
