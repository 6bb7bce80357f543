import { ArgumentError, pause } from "@keyspaces-segmentation/common";
import type { Client } from "cassandra-driver";
import { addConnections, openConnections } from "./driver/connections.js";
import { congestionWindow, rateLimit } from "./flow_control.js";
import { requestsPerConnection } from "./limits.js";
import { isThrottled, withRetries } from "./retry.js";

/** Time and chance. */
export interface PaceClock {
  /** Milliseconds. */
  now(): number;
  sleep(ms: number, signal: AbortSignal | undefined): Promise<unknown>;
  /** In [0, 1). */
  random(): number;
}

const systemClock: PaceClock = { now: () => performance.now(), sleep: pause, random: Math.random };

export interface PaceOptions {
  /** Infinity for no ceiling. */
  readonly maxRowsPerSecond: number;
  /** How long a request is tried, in milliseconds. */
  readonly giveUpAfterMs: number;
  readonly signal?: AbortSignal | undefined;
  /** Default: the machine's. */
  readonly clock?: PaceClock;
}

/** What was sent. */
export interface RequestCount {
  requests: number;
  retries: number;
  /** Of the retries, those after the service had asked for less. */
  throttled: number;
}

/** Requests that write, at the pace that the service takes them. */
export interface PacedRequests {
  /** Requests that should be under way now. */
  window(): number;
  /**
   * Sends an idempotent request that writes so many rows, and again until it is answered.
   *
   * @throws what the service answers where trying again does not help; `GaveUp` when the time is over
   */
  send(rows: number, request: () => Promise<unknown>): Promise<void>;
  readonly count: RequestCount;
}

/** Keeps some distance to what a connection may take: timers and clocks are not exact. */
const SHARE_OF_CONNECTION = 0.9;
const RECOUNT_MS = 1000;
/** More than anyone's table can take: 64 × 3,000 requests a second. */
const MOST_CONNECTIONS = 64;

/** A table made just now may not be there yet for every host, in milliseconds. */
const FRESH_TABLE_MS = 10_000;

/**
 * As many requests as the service takes: fewer after each timeout, more connections where those there are hold it up.
 *
 * @throws ArgumentError for a `maxRowsPerSecond` that is none
 */
export function pacedRequests(client: Client, options: PaceOptions): PacedRequests {
  const { maxRowsPerSecond, giveUpAfterMs, signal, clock = systemClock } = options;
  const { now, sleep, random } = clock;
  if (!(maxRowsPerSecond > 0)) throw new ArgumentError("maxRowsPerSecond", "a number above 0", maxRowsPerSecond);
  const window = congestionWindow({ now });
  const rowRate = rateLimit(() => maxRowsPerSecond, now);
  const connections = connectionCount(client, now);
  const requestRate = rateLimit(() => connections.open() * requestsPerConnection * SHARE_OF_CONNECTION, now);
  const count: RequestCount = { requests: 0, retries: 0, throttled: 0 };
  /** When a request began that the service throttled, by what it answered. */
  const throttledAt = new WeakMap<object, number>();
  const onRetry = (error: unknown) => {
    count.retries++;
    const started = throttledAt.get(error as object);
    if (started === undefined) return;
    count.throttled++;
    window.cut(started);
  };
  const patience = { deadlineMs: giveUpAfterMs, freshTableMs: FRESH_TABLE_MS, signal, now, sleep, random, onRetry };

  const send = (rows: number, request: () => Promise<unknown>): Promise<void> => {
    let began = 0;
    const attempt = async () => {
      began = now();
      const forConnections = requestRate(1);
      if (forConnections > 0) connections.more();
      const wait = Math.max(rowRate(rows), forConnections);
      if (wait > 0) await sleep(wait, signal);
      const started = now();
      count.requests++;
      try {
        await request();
      } catch (error) {
        if (isThrottled(error)) throttledAt.set(error as object, started);
        throw error;
      }
    };
    return withRetries(attempt, patience).then(() => window.answered(now() - began));
  };
  return { window: window.size, send, count };
}

/** The client's connections; counted now and then, as they come and go, and increased while they are what holds the writer up. */
function connectionCount(client: Client, now: () => number): { open(): number; more(): void } {
  let counted = Number.NEGATIVE_INFINITY;
  let open = 1;
  let adding = false;
  return {
    open() {
      if (now() - counted > RECOUNT_MS) {
        open = Math.max(1, openConnections(client));
        counted = now();
      }
      return open;
    },
    more() {
      if (adding || open >= MOST_CONNECTIONS) return;
      adding = true;
      const settled = (connections: number) => {
        open = Math.max(1, connections);
        adding = false;
      };
      // Whoever does not get more goes on with those there are.
      addConnections(client, open + 1).then(settled, () => settled(openConnections(client)));
    },
  };
}
