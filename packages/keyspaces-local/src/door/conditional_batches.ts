import { type BoundValues, UNSET } from "../protocol/bound_values.js";
import { encodeFrame, type Frame, Opcode } from "../protocol/frame.js";
import type { BoundValue } from "../protocol/own_query.js";
import { appliedBody, isApplied, readRows } from "../protocol/rows.js";
import type { BatchPart } from "../rules/batch_part.js";
import type { RowShape } from "../rules/row_shape.js";
import { partitionOf } from "../rules/row_size.js";
import type { RequestContext } from "./request_context.js";

/** A statement with its values. */
export interface BoundPart {
  readonly keyspace: string;
  readonly table: string;
  readonly part: BatchPart;
  /** Of its markers, in their order. */
  readonly values: readonly BoundValue[];
}

/** Takes the statements of a LOGGED batch with conditions, one after the other. */
export interface Together {
  /** @param values those of the statement, or of the whole batch that it is written in */
  add(row: RowShape, values: BoundValues): void;
  /** Undefined for what Cassandra does by itself: what is on one partition of one table, or where it is not known. */
  parts(): BoundPart[] | undefined;
}

export function createTogether(): Together {
  const partitions = new Set<string>();
  const rows: { readonly row: RowShape; readonly values: readonly BoundValue[] }[] = [];
  let isKnown = true;
  return {
    add: (row, values) => {
      const { keyspace, table, firstMarker, markerCount } = row;
      const partition = partitionOf(row, values);
      isKnown &&= partition !== undefined;
      partitions.add(`${keyspace}.${table} ${partition}`);
      const own = Array.from({ length: markerCount }, (_, marker) => copyOf(values, firstMarker + marker));
      rows.push({ row, values: own });
    },
    parts: () => {
      if (!isKnown || partitions.size < 2) return undefined;
      return rows.map(({ row, values }) => ({ keyspace: row.keyspace, table: row.table, part: row.part(), values }));
    },
  };
}

/** The memory of a request is used again before its batch is carried out. */
function copyOf({ source, starts, lengths }: BoundValues, marker: number): BoundValue {
  const length = lengths[marker]!;
  if (length === UNSET) return undefined;
  return length < 0 ? null : Buffer.from(source.subarray(starts[marker]!, starts[marker]! + length));
}

/**
 * Carries out a LOGGED batch with conditions on several partitions, which Cassandra does not take: has each of its statements read, so that
 * one that is wrong is told whatever the conditions are, looks at all of the conditions, and has it done without them where each holds.
 */
export async function applyTogether(
  frame: Frame,
  parts: readonly BoundPart[],
  { backend }: Pick<RequestContext, "backend">,
): Promise<Frame> {
  const boundTo = (bound: BatchPart["bound"], values: BoundPart["values"]) =>
    bound.map((each) => (each === "unset" ? undefined : values[each]!));
  const [{ keyspace, table }] = parts as readonly [BoundPart];
  const answerWith = (applied: boolean) => answerTo(frame, Opcode.result, appliedBody(applied, keyspace, table));
  const read = await Promise.all(parts.map(({ part }) => backend.prepare(part.whole)));
  const wrong = read.find(({ opcode }) => opcode === Opcode.error);
  if (wrong) return answerTo(frame, wrong.opcode, wrong.body);
  for (const { part, values } of parts) {
    const { check } = part;
    if (!check) continue;
    const seen = await backend.ask(check.query, boundTo(check.bound, values));
    if (seen.opcode === Opcode.error) return answerTo(frame, seen.opcode, seen.body);
    const holds =
      check.exists === undefined
        ? isApplied(seen) === true
        : readRows(seen).some((row) => [...row.values()].some((cell) => cell !== null)) === check.exists;
    if (!holds) return answerWith(false);
  }
  const text = `BEGIN BATCH ${parts.map(({ part }) => part.text).join("; ")}; APPLY BATCH`;
  const done = await backend.ask(
    text,
    parts.flatMap(({ part, values }) => boundTo(part.bound, values)),
  );
  return done.opcode === Opcode.error ? answerTo(frame, done.opcode, done.body) : answerWith(true);
}

function answerTo({ version, stream }: Frame, opcode: number, body: Buffer): Frame {
  const bytes = encodeFrame("response", { version, stream, opcode }, body);
  return { version, flags: 0, stream, opcode, body, bytes };
}
