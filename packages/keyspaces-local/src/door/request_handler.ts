import { encodeFrame, type Frame, Opcode } from "../protocol/frame.js";
import { ErrorCode, invalid, protocolError, Refusal } from "../protocol/refusal.js";
import {
  hasPagingState,
  readBatch,
  readExecute,
  readPrepare,
  readQuery,
  readRegister,
  replaceStatement,
} from "../protocol/requests.js";
import { isSetKeyspace, readPreparedId, schemaEventBody, throttled, unprepared } from "../protocol/responses.js";
import { batchRules } from "../rules/batch_rules.js";
import { consistencyRules } from "../rules/consistency_rules.js";
import { isAllowed, needsOfDefinition, needsToKnow } from "../rules/needs.js";
import { type Plan, planStatement } from "../rules/plan.js";
import type { StatementInfo } from "../rules/plan_data.js";
import { enforce } from "../rules/rules.js";
import { define } from "../schema/define.js";
import { checkTableKey } from "../schema/table_key.js";
import { injectFault } from "./fault_injection.js";
import { isIdle, type TableRequest } from "./faults.js";
import { read } from "./reads.js";
import { type Dispatch, passOn, type Reply, type RequestContext } from "./request_context.js";
import { UnreadStatement, whatIsWrong } from "./unread_statement.js";
import { type Write, write } from "./writes.js";

/**
 * Answers a request of an authenticated client, or passes it on. Returns a promise only where those behind it have
 * to wait.
 *
 * @throws Refusal
 */
export function handleRequest(frame: Frame, context: RequestContext, reply: Reply): void | Promise<void> {
  // Which answer belongs to which request would be a guess, and with it what an id or a USE stands for.
  if (context.inFlight.has(frame.stream)) throw protocolError(`Stream ${frame.stream} is still waiting for its answer`);
  try {
    return handleOne(frame, context, reply);
  } catch (error) {
    if (error instanceof UnreadStatement) return whatIsWrong(error, context);
    throw error;
  }
}

function handleOne(frame: Frame, context: RequestContext, reply: Reply): void | Promise<void> {
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
      return register(frame, context, reply);
    default:
      throw protocolError(`Unknown opcode ${frame.opcode}`);
  }
}

const events = ["TOPOLOGY_CHANGE", "STATUS_CHANGE", "SCHEMA_CHANGE", "TRACE_COMPLETE"];

const ofServer = -1;

/**
 * Tells of changes of the schema from now on. Nothing ever happens to the one node there is.
 *
 * @throws Refusal, in Cassandra's words, for what is no event
 */
function register(frame: Frame, { events: schema, client, access }: RequestContext, reply: Reply): void {
  const wanted = readRegister(frame);
  const unknown = wanted.find((event) => !events.includes(event.toUpperCase()));
  if (unknown !== undefined) throw protocolError(`Invalid value '${unknown}' for Type`);
  if (wanted.some((event) => event.toUpperCase() === "SCHEMA_CHANGE")) {
    const { version } = frame;
    schema.listen(client, (change) => {
      if (!isAllowed(access, needsToKnow(change))) return;
      reply({ version, stream: ofServer }, Opcode.event, schemaEventBody(change));
    });
  }
  reply(frame, Opcode.ready, Buffer.alloc(0));
}

function execute(frame: Frame, context: RequestContext, reply: Reply): void | Promise<void> {
  const request = readExecute(frame);
  const info = context.prepared.find(request.id);
  if (!info) throw unprepared(request.id);
  return run(frame, info, request, context, reply);
}

/** @param text instead of the client's words */
function run(
  frame: Frame,
  info: StatementInfo,
  request: { readonly consistency: number; readonly parameters: number; readonly id?: Buffer },
  context: RequestContext,
  reply: Reply,
  text?: string,
): void | Promise<void> {
  const { consistency, parameters, id } = request;
  context.access.require(info.needs);
  enforce(consistencyRules, { writes: info.writes, consistency });
  const paging = hasPagingState(frame.body, parameters);
  const dispatch = dispatcher(frame, [info], { writes: info.writes, consistency, paging, id }, context, reply);
  // The service's own tables lie elsewhere: that reading of them is of another text is kept to the reading.
  const isExchanged = text !== undefined && (info.writes || info.rows.length > 0);
  const sent = isExchanged ? withStatement(frame, text) : frame;
  const at = parameters + sent.body.length - frame.body.length;
  if (!info.writes) {
    return read(sent, info, { consistency, parameters: at }, context, dispatch, isExchanged ? undefined : text);
  }
  return write(sent, { writes: [{ info, at }], isBatch: false, logged: info.logged, consistency }, context, dispatch);
}

/** The same request of another statement. */
function withStatement(frame: Frame, text: string): Frame {
  const body = replaceStatement(frame, text);
  const { version, flags, stream, opcode } = frame;
  return { version, flags, stream, opcode, body, bytes: encodeFrame("request", frame, body) };
}

const atOnce: Dispatch = (pass) => pass();

/** For requests on users' tables, which a test may let come to harm. */
function dispatcher(
  frame: Frame,
  infos: readonly StatementInfo[],
  request: Omit<TableRequest, "opcode" | "tables">,
  context: RequestContext,
  reply: Reply,
): Dispatch {
  const { faults } = context;
  if (!faults || isIdle(faults)) return atOnce;
  const tables = [...new Set(infos.flatMap(({ rows }) => rows.map(({ keyspace, table }) => `${keyspace}.${table}`)))];
  if (tables.length === 0) return atOnce;
  return (pass) => injectFault(faults, { ...request, opcode: frame.opcode, tables }, frame, context, reply, pass);
}

function batch(frame: Frame, context: RequestContext, reply: Reply): void | Promise<void> {
  const { type, entries, consistency } = readBatch(frame);
  const { loggedBatches } = context;
  enforce(consistencyRules, { writes: true, consistency });
  // Counted first: there may be 65,535 texts to be read.
  const [size, bytes] = [entries.length, frame.body.length];
  enforce(batchRules, { type, size, bytes, statements: [], loggedBatches });
  const writes: Write[] = [];
  let lastId: Buffer | undefined;
  let info: StatementInfo | undefined;
  for (const entry of entries) {
    const { id, text = "" } = entry;
    // Mostly they all execute the same one, and what holds for it holds for each of them.
    if (!id || id !== lastId) {
      info = id ? context.prepared.find(id) : infoOf(text, context);
      if (!info) throw unprepared(id!);
      if (!info.batchable)
        throw invalid(
          "Invalid statement in batch: only UPDATE, INSERT and DELETE statements are allowed.",
          "KL-BATCH-STATEMENT",
        );
      context.access.require(info.needs);
      lastId = id;
    }
    writes.push({ info: info!, at: entry.values });
  }
  const statements = writes.map((each) => each.info);
  enforce(batchRules, { type, size, bytes, statements, loggedBatches });
  const request = { writes: true, consistency, paging: false };
  const dispatch = dispatcher(frame, statements, request, context, reply);
  return write(frame, { writes, isBatch: true, logged: type === "logged", consistency }, context, dispatch);
}

/** @throws UnreadStatement for what makes no sense, and other Refusals */
function planOf(text: string, context: RequestContext, preparing = false): Plan {
  try {
    return planStatement(text, { ...context, preparing });
  } catch (error) {
    throw error instanceof Refusal && error.code === ErrorCode.syntax ? new UnreadStatement(text, error) : error;
  }
}

function infoOf(text: string, context: RequestContext): StatementInfo {
  const plan = planOf(text, context);
  if (plan.kind !== "forward")
    throw invalid(
      "Invalid statement in batch: only UPDATE, INSERT and DELETE statements are allowed.",
      "KL-BATCH-STATEMENT",
    );
  return plan.info;
}

function query(frame: Frame, context: RequestContext, reply: Reply): void | Promise<void> {
  const { text, consistency, parameters } = readQuery(frame);
  const plan = planOf(text, context);
  switch (plan.kind) {
    case "forward":
      return run(frame, plan.info, { consistency, parameters }, context, reply, plan.text);
    case "use":
      judgeOther(consistency, context);
      return use(frame, plan.keyspace, context);
    case "define":
      context.access.require(needsOfDefinition(plan.definition));
      judgeOther(consistency, context);
      return checkTableKey(plan.definition, context, context.access.caller)
        .then(() => define(plan.definition, context))
        .then((body) => reply(frame, Opcode.result, body));
  }
}

function prepare(frame: Frame, context: RequestContext): void {
  const plan = planOf(readPrepare(frame), context, true);
  if (plan.kind !== "forward") return;
  context.intercepted.set(frame.stream, (answer) => {
    const id = readPreparedId(answer);
    if (id) context.prepared.remember(id, plan.info);
    context.client.write(answer.bytes);
  });
  const { text } = plan;
  passOn(frame, context, text === undefined ? undefined : encodeFrame("request", frame, replaceStatement(frame, text)));
}

/** Held up until what came before is done and Cassandra has agreed: names depend on it. */
async function use(frame: Frame, keyspace: string, context: RequestContext): Promise<void> {
  const { link, onLost, inFlight } = context;
  inFlight.set(frame.stream, true);
  await Promise.all(context.deferred);
  await new Promise<void>((resolve) => {
    if (link.socket.destroyed) return resolve();
    onLost.add(resolve);
    context.intercepted.set(frame.stream, (answer) => {
      onLost.delete(resolve);
      if (isSetKeyspace(answer)) context.keyspace = keyspace;
      context.client.write(answer.bytes);
      resolve();
    });
    passOn(frame, context);
  });
}

/** USE and definitions. */
function judgeOther(consistency: number, { capacity, requests }: RequestContext): void {
  enforce(consistencyRules, { writes: false, consistency });
  if (!capacity.admit(requests, 1)) throw throttled(false, consistency, "KL-CONNECTION-RATE");
}
