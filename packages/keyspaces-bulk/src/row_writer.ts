import { messageOf } from "@keyspaces-segmentation/common";
import { types } from "cassandra-driver";
import type { Row } from "./batches.js";
import type { KeyspacesClient } from "./driver/keyspaces_client.js";
import { codeOf, innermost } from "./failure.js";
import { type PaceOptions, pacedRequests, type RequestCount } from "./paced_requests.js";
import { GaveUp, isNotReadyYet } from "./retry.js";
import type { EncodedRow } from "./row_encoding.js";
import type { Reject } from "./source.js";

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
  readonly count: Readonly<RequestCount>;
}

/** Whether a failure is about the row itself, so that other rows may still go in: a value that the service refuses. */
function isAboutTheRow(error: unknown): boolean {
  const reason = innermost(error);
  return codeOf(reason) === types.responseErrorCodes.invalid && !isNotReadyYet(reason);
}

/** Whether the service has refused a request before it did anything of it: the errors 0x2… of the protocol. */
const isRefused = (error: unknown): boolean => (codeOf(error) ?? 0) >> 12 === 2;

const rejected = (rows: readonly Row[], reason: string): Reject[] =>
  rows.map(({ lineNumber, original }) => ({ lineNumber, line: original, reason }));

export interface RowWriterOptions extends PaceOptions {
  /** Called whenever rows are in, or may be: a request was not answered, or not in time. */
  readonly onRows?: (() => void) | undefined;
}

/** @param insert an idempotent INSERT that binds a row's values */
export function createRowWriter(
  client: KeyspacesClient,
  insert: string,
  { onRows, ...options }: RowWriterOptions,
): RowWriter {
  const requests = pacedRequests(client, options);
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

  const send = (values: readonly EncodedRow[]): Promise<void> =>
    client.insertRows(insert, values).then(onRows, (error: unknown) => {
      if (!isRefused(error)) onRows?.();
      throw error;
    });

  const store = async (rows: readonly Row[]): Promise<Reject[]> => {
    const began = performance.now();
    underWay++;
    try {
      const encoded = rows.map(({ values }) => values);
      await requests.send(rows.length, () => send(encoded));
      lastStored = performance.now();
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
  return { window: requests.window, store, count: requests.count };
}
