import type { Link } from "./backend.js";
import { type Definer, define } from "./define.js";
import { injectFault } from "./fault_injection.js";
import type { Faults } from "./faults.js";
import { encodeFrame, type Frame, Opcode } from "./frame.js";
import type { Outbox } from "./outbox.js";
import { planStatement, type StatementInfo } from "./plan.js";
import type { PreparedStatements } from "./prepared.js";
import { invalid, protocolError } from "./refusal.js";
import {
  hasPagingState,
  readBatch,
  readExecute,
  readPrepare,
  readQuery,
  readValues,
  replaceStatement,
} from "./requests.js";
import { isSetKeyspace, readPreparedId, unprepared } from "./responses.js";
import { batchRules, consistencyRules, countSubqueries, enforce, IN_LIMIT, tooManySubqueries } from "./rules.js";

/** One authenticated connection. */
export interface RequestContext extends Definer {
  readonly client: Outbox;
  readonly link: Link;
  readonly prepared: PreparedStatements;
  readonly loggedBatches: "refuse" | "accept";
  /** What a test lets go wrong; undefined for nothing. */
  readonly faults?: Faults | undefined;
  /** The connection's keyspace, after USE. */
  keyspace: string | undefined;
  /** Streams that Cassandra has yet to answer. */
  readonly inFlight: Set<number>;
  /** Those of them whose answer the gateway takes instead of the client. */
  readonly intercepted: Map<number, (answer: Frame) => void>;
}

export type Reply = (frame: Pick<Frame, "version" | "stream">, opcode: number, body: Buffer) => void;

/**
 * Answers a request of an authenticated client, or passes it on. Returns a promise only where those behind it have
 * to wait.
 *
 * @throws Refusal
 */
export function handleRequest(frame: Frame, context: RequestContext, reply: Reply): void | Promise<void> {
  // Which answer belongs to which request would be a guess, and with it what an id or a USE stands for.
  if (context.inFlight.has(frame.stream)) throw protocolError(`Stream ${frame.stream} is still waiting for its answer`);
  switch (frame.opcode) {
    case Opcode.execute:
      return execute(frame, context, reply);
    case Opcode.batch:
      return batch(frame, context, reply);
    case Opcode.query:
      return query(frame, context, reply);
    case Opcode.prepare:
      return prepare(frame, context);
    case Opcode.register:
      // Nothing ever happens to the one node there is.
      return reply(frame, Opcode.ready, Buffer.alloc(0));
    default:
      throw protocolError(`Unknown opcode ${frame.opcode}`);
  }
}

function execute(frame: Frame, context: RequestContext, reply: Reply): void {
  const request = readExecute(frame);
  const { id, consistency, parameters } = request;
  const info = context.prepared.find(id);
  if (!info) throw unprepared(id);
  judge(info, consistency, context);
  judgeBoundLists(info, frame.body, parameters);
  passOnJudged(frame, request, info, context, reply);
}

function batch(frame: Frame, context: RequestContext, reply: Reply): void {
  const request = readBatch(frame);
  const { type, entries, consistency } = request;
  let conditional = false;
  let info: StatementInfo | undefined;
  for (const entry of entries) {
    info = "id" in entry ? context.prepared.find(entry.id) : infoOf(entry.text, context);
    if (!info) throw unprepared((entry as { id: Buffer }).id);
    if (!info.batchable)
      throw invalid("Invalid statement in batch: only UPDATE, INSERT and DELETE statements are allowed.");
    judge(info, consistency, context);
    conditional ||= info.conditional;
  }
  enforce(consistencyRules, { writes: true, consistency });
  enforce(batchRules, { type, size: entries.length, conditional, loggedBatches: context.loggedBatches });
  if (info) passOnJudged(frame, request, info, context, reply);
  else passOn(frame, context);
}

function infoOf(text: string, context: RequestContext): StatementInfo {
  const plan = planStatement(text, { ...context, preparing: false });
  if (plan.kind !== "forward")
    throw invalid("Invalid statement in batch: only UPDATE, INSERT and DELETE statements are allowed.");
  return plan.info;
}

function query(frame: Frame, context: RequestContext, reply: Reply): void | Promise<void> {
  const request = readQuery(frame);
  const { text, consistency, parameters } = request;
  const plan = planStatement(text, { ...context, preparing: false });
  switch (plan.kind) {
    case "forward":
      judge(plan.info, consistency, context);
      judgeBoundLists(plan.info, frame.body, parameters);
      return passOnJudged(frame, request, plan.info, context, reply, plan.text);
    case "use":
      enforce(consistencyRules, { writes: false, consistency });
      return use(frame, plan.keyspace, context);
    case "define":
      enforce(consistencyRules, { writes: false, consistency });
      return define(plan.definition, context).then((body) => reply(frame, Opcode.result, body));
  }
}

function prepare(frame: Frame, context: RequestContext): void {
  const plan = planStatement(readPrepare(frame), { ...context, preparing: true });
  if (plan.kind !== "forward") return;
  context.intercepted.set(frame.stream, (answer) => {
    const id = readPreparedId(answer);
    if (id) context.prepared.remember(id, plan.info);
    context.client.write(answer.bytes);
  });
  passOn(frame, context, plan.text);
}

/** Held up until Cassandra has agreed: the names in what follows depend on it. */
function use(frame: Frame, keyspace: string, context: RequestContext): Promise<void> {
  return new Promise((resolve) => {
    context.link.socket.once("close", resolve);
    context.intercepted.set(frame.stream, (answer) => {
      context.link.socket.off("close", resolve);
      if (isSetKeyspace(answer)) context.keyspace = keyspace;
      context.client.write(answer.bytes);
      resolve();
    });
    passOn(frame, context);
  });
}

/** A QUERY, EXECUTE or BATCH that may go to Cassandra, and to harm if it is on users' tables. */
function passOnJudged(
  frame: Frame,
  { consistency, parameters, id }: { consistency: number; parameters?: number; id?: Buffer },
  { writes, tables }: StatementInfo,
  context: RequestContext,
  reply: Reply,
  text?: string,
): void {
  const { faults } = context;
  if (!faults || tables.length === 0) {
    passOn(frame, context, text);
    return;
  }
  const paging = parameters !== undefined && hasPagingState(frame.body, parameters);
  const request = { opcode: frame.opcode, writes, consistency, paging, id };
  injectFault(faults, request, frame, context, reply, () => passOn(frame, context, text));
}

function passOn(frame: Frame, { inFlight, link }: RequestContext, text?: string): void {
  inFlight.add(frame.stream);
  link.outbox.write(text === undefined ? frame.bytes : rewritten(frame, text));
}

function rewritten(frame: Frame, text: string): Buffer {
  return encodeFrame("request", frame, replaceStatement(frame, text));
}

/** The rules for one execution, after those for the statement itself. */
function judge({ writes, tables }: StatementInfo, consistency: number, { lifecycle }: RequestContext): void {
  enforce(consistencyRules, { writes, consistency });
  for (const { keyspace, table } of tables) lifecycle.requireTable(keyspace, table);
}

/** `IN ?`: how long the list is stands in the bound value, a count and then the elements. */
function judgeBoundLists({ boundInLists }: StatementInfo, body: Buffer, parameters: number): void {
  if (boundInLists.length === 0) return;
  const sizes = readValues(body, parameters)?.map((value) => (value && value.length >= 4 ? value.readInt32BE(0) : 1));
  const count = countSubqueries(boundInLists, sizes);
  if (count > IN_LIMIT) throw invalid(tooManySubqueries(count));
}
