import type { FaultSettings } from "../door/faults.js";
import { ErrorCode } from "../protocol/refusal.js";

/** Faults as they are asked for by HTTP. */
export interface FaultRequest {
  /** Ends a connection instead of handling its n-th request from now on, n drawn between two numbers for each if they are given. */
  readonly dropAfterRequests?: number | readonly [number, number];
  /** The share of log-ins that end without an answer. */
  readonly dropLogins?: number;
  /** How long each request waits. */
  readonly delayMs?: number;
  /** Each is drawn for by itself; `applied`: after Cassandra has done it. */
  readonly errors?: readonly { readonly error: string; readonly rate: number; readonly applied?: boolean }[];
  /** The share of a table's requests that are answered as if its capacity were used up, by `keyspace.table`. */
  readonly throttle?: Readonly<Record<string, number>>;
  /** Answers each page after the first as if its paging state were unknown. */
  readonly forgetPagingStates?: boolean;
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
const share = "a share from 0 to 1";

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
  const request = objectOf("faults", body);
  const names = Object.keys(readers);
  const unknown = Object.keys(request).find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw new FaultRequestError(`Expected faults to be of ${names.join(", ")}, got ${JSON.stringify(unknown)}`);
  }
  for (const [name, value] of Object.entries(request)) readers[name as keyof FaultRequest](name, value);
  const { dropAfterRequests, dropLogins, delayMs, errors, throttle, forgetPagingStates } = request as FaultRequest;
  return {
    dropAfterFrames: dropAfterRequests,
    dropLogins,
    delayMs,
    errors: errors?.map(({ error, rate, applied = false }) => ({
      code: ErrorCode[error as (typeof errorNames)[number]],
      rate,
      applied,
    })),
    throttle,
    forgetPagingStates,
  };
}

const readers: Readonly<Record<keyof FaultRequest, (name: string, value: unknown) => void>> = {
  dropAfterRequests: (name, value) => {
    const [least, most, ...more]: unknown[] = Array.isArray(value) ? value : [];
    const isRange = isCount(least) && isCount(most) && least <= most && more.length === 0;
    expect(name, isCount(value) || isRange, "a whole number of 1 or more, or two, the least and the most", value);
  },
  dropLogins: (name, value) => expect(name, isShare(value), share, value),
  delayMs: (name, value) =>
    expect(name, typeof value === "number" && value >= 0 && value <= 3_600_000, "milliseconds, at most an hour", value),
  forgetPagingStates: (name, value) => expect(name, isFlag(value), "true or false", value),
  throttle: (name, value) => {
    for (const [table, part] of Object.entries(objectOf(name, value))) {
      expect(name, /^[^.]+\.[^.]+$/.test(table), "of tables by keyspace.table", table);
      expect(`${name} of ${table}`, isShare(part), share, part);
    }
  },
  errors: (name, value) => {
    expect(name, Array.isArray(value), "a list", value);
    for (const each of value as unknown[]) {
      const { error, rate, applied, ...more } = objectOf(name, each);
      expect(
        `${name}: error`,
        errorNames.some((known) => known === error),
        `one of ${errorNames.join(", ")}`,
        error,
      );
      expect(`${name}: rate`, isShare(rate), share, rate);
      expect(`${name}: applied`, applied === undefined || isFlag(applied), "true or false", applied);
      expect(name, Object.keys(more).length === 0, "of error, rate and applied", Object.keys(more));
    }
  },
};
