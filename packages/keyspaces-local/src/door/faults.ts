import { seededRandom } from "@keyspaces-segmentation/local-support";
import { Opcode } from "../protocol/frame.js";
import { intOf, shortBytesOf, shortOf, stringOf } from "../protocol/notation.js";
import { ErrorCode, invalid, Refusal } from "../protocol/refusal.js";
import { throttled } from "../protocol/responses.js";

/**
 * What is to go wrong between a client and the gateway, for tests of the client. Each may be set, changed and unset at
 * any time; what is not set does not happen. System tables and definitions are left alone, so that a driver can connect;
 * only `dropAfterFrames` and `dropLogins` end connections whatever they carry.
 */
export interface FaultSettings {
  /**
   * Ends a connection instead of handling its n-th request after the log-in, or after this was set: neither that one
   * nor those in flight are answered. Of two numbers, n is drawn between them for each connection.
   */
  dropAfterFrames?: number | readonly [least: number, most: number] | undefined;
  /** The share of log-ins that end without an answer, although the credentials are right. */
  dropLogins?: number | undefined;
  /** How long a request waits before it is handled; those behind it do not wait with it. */
  delayMs?: number | ((request: TableRequest) => number) | undefined;
  /** Each is drawn for by itself, in their order; the first that strikes is answered. */
  errors?: readonly InjectedError[] | undefined;
  /** Answers requests that carry a paging state as the service answers one that it does not know. */
  forgetPagingStates?: boolean | undefined;
  /** The share of a table's requests that are answered as if it had no capacity left, by `keyspace.table`. */
  throttle?: Readonly<Record<string, number>> | undefined;
  /** What goes wrong, besides, with requests on one table, by `keyspace.table`. */
  tables?: Readonly<Record<string, TableFaults>> | undefined;
}

/** What goes wrong with requests on one table; a BATCH is on all of its tables. */
export interface TableFaults {
  readonly delayMs?: number | undefined;
  readonly errors?: readonly InjectedError[] | undefined;
  /** The share that is answered as if the table had no capacity left. */
  readonly throttle?: number | undefined;
  /** The share that ends its connection: neither that one nor those in flight are answered. */
  readonly drop?: number | undefined;
}

export interface InjectedError {
  /** Of the protocol. 0x1100 and 0x1500 strike writes only, 0x1200 and 0x1300 reads only, 0x2500 EXECUTE only. */
  readonly code: number;
  /** The share of requests that it strikes, from 0 to 1. */
  readonly rate: number;
  /** Let Cassandra do it first, as it may have behind a real timeout. Where it refuses, its own error is the answer. */
  readonly applied?: boolean;
}

/** How often each fault was injected. */
interface FaultCounts {
  dropped: number;
  droppedLogins: number;
  delayed: number;
  forgottenPagingStates: number;
  throttled: number;
  /** By code: answered in Cassandra's stead. */
  readonly errors: Map<number, number>;
  /** By code: answered after Cassandra had done it. */
  readonly appliedErrors: Map<number, number>;
}

export interface Faults extends FaultSettings {
  readonly injected: FaultCounts;
  /** Numbers in [0, 1): the same seed and the same order of requests, the same faults. */
  readonly random: () => number;
}

export function createFaults(settings: FaultSettings = {}, seed = 1): Faults {
  const injected: FaultCounts = {
    dropped: 0,
    droppedLogins: 0,
    delayed: 0,
    forgottenPagingStates: 0,
    throttled: 0,
    errors: new Map(),
    appliedErrors: new Map(),
  };
  return { ...settings, injected, random: seededRandom(seed) };
}

/** A QUERY, EXECUTE or BATCH on users' tables. */
export interface TableRequest {
  readonly opcode: number;
  readonly writes: boolean;
  readonly consistency: number;
  /** Whether it carries a paging state. */
  readonly paging: boolean;
  /** The prepared id of an EXECUTE. */
  readonly id?: Buffer | undefined;
  /** Those that it is about, as `keyspace.table`. */
  readonly tables: readonly string[];
}

/** What happens to one request. */
export interface Strike {
  /** 0 for at once. */
  readonly delayMs: number;
  /** Its connection ends. */
  readonly drops?: boolean;
  readonly error?: { readonly refusal: Refusal; readonly applied: boolean } | undefined;
}

/** Draws what happens to a request; undefined if nothing does. Counts all but applied errors, see {@link countApplied}. */
export function strike(faults: Faults, request: TableRequest): Strike | undefined {
  const { delayMs: delay = 0, throttle = {}, errors = [], injected, random } = faults;
  const strikes = (share: number | undefined) => share !== undefined && random() < share;
  const ofTables = request.tables.flatMap((table) => ownOf(faults.tables, table) ?? []);
  const delays = ofTables.map(({ delayMs = 0 }) => delayMs);
  const delayMs = Math.max(typeof delay === "number" ? delay : delay(request), ...delays);
  if (delayMs > 0) injected.delayed++;
  if (ofTables.some(({ drop }) => strikes(drop))) {
    injected.dropped++;
    return { delayMs, drops: true };
  }
  if (faults.forgetPagingStates && request.paging) {
    injected.forgottenPagingStates++;
    return { delayMs, error: { refusal: invalid("Invalid value for the paging state"), applied: false } };
  }
  const shares = [...request.tables.map((table) => ownOf(throttle, table)), ...ofTables.map((table) => table.throttle)];
  if (shares.some(strikes)) {
    injected.throttled++;
    const refusal = throttled(request.writes, request.consistency, "KL-CAPACITY");
    return { delayMs, error: { refusal, applied: false } };
  }
  const error = [...errors, ...ofTables.flatMap((table) => table.errors ?? [])].find(
    ({ code, rate }) => canStrike(code, request) && random() < rate,
  );
  if (!error) return delayMs > 0 ? { delayMs } : undefined;
  const { code, applied = false } = error;
  if (!applied) count(injected.errors, code);
  return { delayMs, error: { refusal: injectedRefusal(code, request), applied } };
}

function ownOf<Value>(values: Readonly<Record<string, Value>> | undefined, name: string): Value | undefined {
  return values && Object.hasOwn(values, name) ? values[name] : undefined;
}

/** Whether nothing is to happen to any request on tables. */
export function isIdle({ delayMs, errors = [], forgetPagingStates, throttle, tables }: FaultSettings): boolean {
  return !delayMs && !forgetPagingStates && !throttle && !tables && errors.length === 0;
}

/** For an applied error that has been answered: until Cassandra has spoken, it may come to something else. */
export function countApplied({ injected }: Faults, { code }: Refusal): void {
  count(injected.appliedErrors, code);
}

function count(counts: Map<number, number>, code: number): void {
  counts.set(code, (counts.get(code) ?? 0) + 1);
}

/** Tells, request by request, when a connection is to end. */
export function createDropper(faults: Faults): () => boolean {
  let setting: FaultSettings["dropAfterFrames"];
  let left = 0;
  return () => {
    const { dropAfterFrames } = faults;
    if (dropAfterFrames === undefined) return false;
    if (dropAfterFrames !== setting) {
      setting = dropAfterFrames;
      const [least, most] = typeof setting === "number" ? [setting, setting] : setting;
      left = least + Math.floor(faults.random() * (most - least + 1));
    }
    left--;
    if (left > 0) return false;
    faults.injected.dropped++;
    return true;
  };
}

/** Whether this log-in is to end without an answer. */
export function dropsLogin(faults: Faults): boolean {
  if (!faults.dropLogins || faults.random() >= faults.dropLogins) return false;
  faults.injected.droppedLogins++;
  return true;
}

const writesOnly: readonly number[] = [ErrorCode.writeTimeout, ErrorCode.writeFailure];
const readsOnly: readonly number[] = [ErrorCode.readTimeout, ErrorCode.readFailure];

function canStrike(code: number, { writes, id }: TableRequest): boolean {
  if (code === ErrorCode.unprepared) return id !== undefined;
  return writes ? !readsOnly.includes(code) : !writesOnly.includes(code);
}

const REPLICAS_WANTED = 2;
const noData = Buffer.from([0]);

/** An error as a server would word it, with what the protocol wants behind its message (native_protocol_v4.spec §9). */
function injectedRefusal(code: number, { opcode, consistency, id }: TableRequest): Refusal {
  const level = shortOf(consistency);
  const received = Buffer.concat([level, intOf(0), intOf(REPLICAS_WANTED)]);
  const writeType = stringOf(opcode === Opcode.batch ? "UNLOGGED_BATCH" : "SIMPLE");
  switch (code) {
    case ErrorCode.unavailable:
      return new Refusal(
        code,
        "Cannot achieve consistency level",
        Buffer.concat([level, intOf(REPLICAS_WANTED), intOf(0)]),
      );
    case ErrorCode.writeTimeout:
      return timeout(code, Buffer.concat([received, writeType]));
    case ErrorCode.readTimeout:
      return timeout(code, Buffer.concat([received, noData]));
    case ErrorCode.writeFailure:
      return failure(code, Buffer.concat([received, intOf(1), writeType]));
    case ErrorCode.readFailure:
      return failure(code, Buffer.concat([received, intOf(1), noData]));
    case ErrorCode.functionFailure:
      return failure(code, Buffer.concat([stringOf(""), stringOf(""), shortOf(0)]));
    case ErrorCode.alreadyExists:
      return new Refusal(code, "Injected: already exists", Buffer.concat([stringOf(""), stringOf("")]));
    case ErrorCode.unprepared:
      return new Refusal(code, "Injected: prepared query not found", shortBytesOf(id ?? Buffer.alloc(0)));
    default:
      return new Refusal(code, "Injected error");
  }
}

const timeout = (code: number, extra: Buffer): Refusal =>
  new Refusal(code, "Operation timed out - received only 0 responses.", extra);
const failure = (code: number, extra: Buffer): Refusal =>
  new Refusal(code, "Operation failed - received 0 responses and 1 failures", extra);
