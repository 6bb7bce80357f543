import { messageOf, pause } from "@keyspaces-segmentation/common";
import { types } from "cassandra-driver";
import type { Row } from "./batches.js";
import { addConnections, openConnections } from "./driver/connections.js";
import type { KeyspacesClient } from "./driver/keyspaces_client.js";
import { codeOf, innermost } from "./failure.js";
import { congestionWindow, rateLimit } from "./flow_control.js";
import { requestsPerConnection } from "./limits.js";
import { GaveUp, isNotReadyYet, isThrottled, withRetries } from "./retry.js";
import type { Reject } from "./source.js";

export interface RowWriterOptions {
  /** Infinity for no ceiling. */
  readonly maxRowsPerSecond: number;
  /** How long a row is tried, in milliseconds. */
  readonly giveUpAfterMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** Writes rows, at the pace that the service takes them. */
export interface RowWriter {
  /** Requests that should be under way now. */
  window(): number;
  /**
   * Stores rows of one partition with one request, and again until they are in.
   *
   * @returns the rows that are not stored, with the reason: the service refuses them, or would not take them in time while it took others
   * @throws what the service answers where no row would fare better; StepError when it takes nothing any more
   */
  store(rows: readonly Row[]): Promise<Reject[]>;
  readonly count: { requests: number; retries: number };
}

/** Keeps some distance to what a connection may take: timers and clocks are not exact. */
const SHARE_OF_CONNECTION = 0.9;
const RECOUNT_MS = 1000;
/** More than anyone's table can take: 64 × 3,000 requests a second. */
const MOST_CONNECTIONS = 64;

/** A table made just now may not be there yet for every host, in milliseconds. */
const FRESH_TABLE_MS = 10_000;

/** Whether a failure is about the row itself, so that other rows may still go in: a value that the service refuses. */
function isAboutTheRow(error: unknown): boolean {
  const reason = innermost(error);
  return codeOf(reason) === types.responseErrorCodes.invalid && !isNotReadyYet(reason);
}

const rejected = (rows: readonly Row[], reason: string): Reject[] =>
  rows.map(({ lineNumber, original }) => ({ lineNumber, line: original, reason }));

/** @param insert an idempotent INSERT that binds a row's values */
export function createRowWriter(client: KeyspacesClient, insert: string, options: RowWriterOptions): RowWriter {
  const { maxRowsPerSecond, giveUpAfterMs, signal } = options;
  const window = congestionWindow();
  const rowRate = rateLimit(() => maxRowsPerSecond);
  const connections = connectionCount(client);
  const requestRate = rateLimit(() => connections.open() * requestsPerConnection * SHARE_OF_CONNECTION);
  const count = { requests: 0, retries: 0 };
  let lastStored = Number.NEGATIVE_INFINITY;
  let underWay = 0;

  let isDown = false;

  /**
   * Whether it is these rows that are stuck (a partition with too much to do), and not the service that takes nothing any more: it
   * answers, and has taken others in the second half of the time that these were tried, unless there were no others.
   */
  const isStuck = (error: unknown, began: number): boolean => {
    if (!(error instanceof GaveUp) || isDown) return false;
    const middle = (began + performance.now()) / 2;
    const isOnlyThese = codeOf(error.cause) !== undefined && lastStored > (underWay === 1 ? began : middle);
    isDown = !isOnlyThese;
    return isOnlyThese;
  };

  const send = async (rows: readonly Row[]): Promise<void> => {
    const encoded = rows.map(({ values }) => values);
    let started = 0;
    const attempt = async () => {
      const forConnections = requestRate(1);
      if (forConnections > 0) connections.more();
      const wait = Math.max(rowRate(rows.length), forConnections);
      if (wait > 0) await pause(wait, signal);
      started = performance.now();
      count.requests++;
      await client.insertRows(insert, encoded);
    };
    const onRetry = (error: unknown) => {
      count.retries++;
      if (isThrottled(error)) window.cut(started);
    };
    await withRetries(attempt, { deadlineMs: giveUpAfterMs, freshTableMs: FRESH_TABLE_MS, onRetry, signal });
    window.grow();
    lastStored = performance.now();
  };

  const store = async (rows: readonly Row[]): Promise<Reject[]> => {
    const began = performance.now();
    underWay++;
    try {
      await send(rows);
      return [];
    } catch (error) {
      if (isStuck(error, began)) return rejected(rows, messageOf(error));
      if (!isAboutTheRow(error)) throw error;
      if (rows.length === 1) return rejected(rows, messageOf(innermost(error)));
      const rejects: Reject[] = [];
      for (const row of rows) rejects.push(...(await store([row])));
      return rejects;
    } finally {
      underWay--;
    }
  };
  return { window: window.size, store, count };
}

/** The client's connections; counted now and then, as they come and go, and increased while they are what holds the writer up. */
function connectionCount(client: KeyspacesClient): { open(): number; more(): void } {
  let counted = Number.NEGATIVE_INFINITY;
  let open = 1;
  let adding = false;
  return {
    open() {
      if (performance.now() - counted > RECOUNT_MS) {
        open = Math.max(1, openConnections(client));
        counted = performance.now();
      }
      return open;
    },
    more() {
      if (adding || open >= MOST_CONNECTIONS) return;
      adding = true;
      const settled = (now: number) => {
        open = Math.max(1, now);
        adding = false;
      };
      // Whoever does not get more goes on with those there are.
      addConnections(client, open + 1).then(settled, () => settled(openConnections(client)));
    },
  };
}
