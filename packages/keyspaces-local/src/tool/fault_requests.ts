import type { FaultSettings, InjectedError } from "../door/faults.js";
import { ErrorCode } from "../protocol/refusal.js";

/** Faults as they are asked for by HTTP. */
export interface FaultRequest {
  /** Ends a connection instead of handling its n-th request from now on, n drawn between two numbers for each if they are given. */
  readonly dropAfterRequests?: number | readonly [number, number];
  /** The share of log-ins that end without an answer. */
  readonly dropLogins?: number;
  /** How long each request waits. */
  readonly delayMs?: number;
  readonly errors?: readonly ErrorRequest[];
  /** The share of a table's requests that are answered as if its capacity were used up, by `keyspace.table`. */
  readonly throttle?: Readonly<Record<string, number>>;
  /** Answers each page after the first as if its paging state were unknown. */
  readonly forgetPagingStates?: boolean;
  /** The same for the requests on one table, by `keyspace.table`; `drop` and `throttle` are shares. */
  readonly tables?: Readonly<Record<string, TableFaultRequest>>;
}

/** Each is drawn for by itself; `applied`: after Cassandra has done it. */
interface ErrorRequest {
  readonly error: string;
  readonly rate: number;
  readonly applied?: boolean;
}

interface TableFaultRequest {
  readonly delayMs?: number;
  readonly errors?: readonly ErrorRequest[];
  readonly throttle?: number;
  readonly drop?: number;
}

/** A request that is none: its message is one line for whoever sent it. */
export class FaultRequestError extends Error {}

/** Those that a driver can be told of in place of an answer. */
const errorNames = [
  "server",
  "unavailable",
  "writeTimeout",
  "readTimeout",
  "readFailure",
  "writeFailure",
  "unauthorized",
  "invalid",
  "unprepared",
] as const;

const isShare = (value: unknown): value is number => typeof value === "number" && value >= 0 && value <= 1;
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 1;
const isFlag = (value: unknown): value is boolean => typeof value === "boolean";

/** @throws FaultRequestError */
function expect(name: string, isRight: boolean, rule: string, got: unknown): void {
  if (!isRight) throw new FaultRequestError(`Expected \`${name}\` to be ${rule}, got ${JSON.stringify(got)}`);
}

const objectOf = (name: string, value: unknown): Record<string, unknown> => {
  expect(name, typeof value === "object" && value !== null && !Array.isArray(value), "an object", value);
  return value as Record<string, unknown>;
};

/**
 * Reads what is to go wrong from now on; what is not named does not happen any more.
 *
 * @throws FaultRequestError
 */
export function readFaultRequest(body: unknown): Required<Record<keyof FaultSettings, unknown>> & FaultSettings {
  readEach("faults", body, readers);
  const { dropAfterRequests, dropLogins, delayMs, errors, throttle, forgetPagingStates, tables } = body as FaultRequest;
  return {
    dropAfterFrames: dropAfterRequests,
    dropLogins,
    delayMs,
    errors: injectedErrors(errors),
    throttle,
    forgetPagingStates,
    tables:
      tables &&
      Object.fromEntries(
        Object.entries(tables).map(([table, { delayMs, errors, throttle, drop }]) => [
          table,
          { delayMs, errors: injectedErrors(errors), throttle, drop },
        ]),
      ),
  };
}

const injectedErrors = (errors: readonly ErrorRequest[] | undefined): InjectedError[] | undefined =>
  errors?.map(({ error, rate, applied = false }) => ({
    code: ErrorCode[error as (typeof errorNames)[number]],
    rate,
    applied,
  }));

type ReadValue = (name: string, value: unknown) => void;

/** @throws FaultRequestError for a member that there is none of, and by a reader */
function readEach(name: string, value: unknown, readers: Readonly<Record<string, ReadValue>>): void {
  const names = Object.keys(readers);
  for (const [member, each] of Object.entries(objectOf(name, value))) {
    expect(name, names.includes(member), `of ${names.join(", ")}`, member);
    readers[member]!(name === "faults" ? member : `${member} of ${name}`, each);
  }
}

/** @throws FaultRequestError */
function readByTable(name: string, value: unknown, read: (table: string, each: unknown) => void): void {
  for (const [table, each] of Object.entries(objectOf(name, value))) {
    expect(name, /^[^.]+\.[^.]+$/.test(table), "of tables by keyspace.table", table);
    read(table, each);
  }
}

const readShare: ReadValue = (name, value) => expect(name, isShare(value), "a share from 0 to 1", value);
const readDelay: ReadValue = (name, value) =>
  expect(name, typeof value === "number" && value >= 0 && value <= 3_600_000, "milliseconds, at most an hour", value);
const readErrors: ReadValue = (name, value) => {
  expect(name, Array.isArray(value), "a list", value);
  for (const each of value as unknown[]) {
    const { error, rate, applied, ...more } = objectOf(name, each);
    expect(
      `${name}: error`,
      errorNames.some((known) => known === error),
      `one of ${errorNames.join(", ")}`,
      error,
    );
    readShare(`${name}: rate`, rate);
    expect(`${name}: applied`, applied === undefined || isFlag(applied), "true or false", applied);
    expect(name, Object.keys(more).length === 0, "of error, rate and applied", Object.keys(more));
  }
};

const tableReaders: Readonly<Record<keyof TableFaultRequest, ReadValue>> = {
  delayMs: readDelay,
  errors: readErrors,
  throttle: readShare,
  drop: readShare,
};

const readers: Readonly<Record<keyof FaultRequest, ReadValue>> = {
  dropAfterRequests: (name, value) => {
    const [least, most, ...more]: unknown[] = Array.isArray(value) ? value : [];
    const isRange = isCount(least) && isCount(most) && least <= most && more.length === 0;
    expect(name, isCount(value) || isRange, "a whole number of 1 or more, or two, the least and the most", value);
  },
  dropLogins: readShare,
  delayMs: readDelay,
  forgetPagingStates: (name, value) => expect(name, isFlag(value), "true or false", value),
  throttle: (name, value) => readByTable(name, value, (table, each) => readShare(`${name} of ${table}`, each)),
  errors: readErrors,
  tables: (name, value) => readByTable(name, value, (table, each) => readEach(table, each, tableReaders)),
};
