import type { Client } from "cassandra-driver";
import { inFlight } from "./flow_control.js";
import { type PaceOptions, pacedRequests, type RequestCount } from "./paced_requests.js";

/** A statement with the values that it binds. */
export interface BoundStatement {
  readonly query: string;
  readonly params: unknown[];
}

/**
 * Sends unlogged batches, each of rows of one partition, as many at a time as the service takes; the next ones are asked for when there
 * is room. For rows that are made here; a file is stored by `ingestFile`.
 *
 * @param batches of at most `batchSize` idempotent statements each
 * @throws ArgumentError for a `maxRowsPerSecond` that is none; what the service answers when a batch fails for good, or `GaveUp` when its
 *   time is over; the signal's reason when aborted. Nothing is under way then.
 */
export async function writeBatches(
  client: Client,
  batches: Iterable<readonly BoundStatement[]>,
  { maxRowsPerSecond, giveUpAfterMs, signal, clock }: PaceOptions,
): Promise<RequestCount> {
  const stop = new AbortController();
  const stopped = AbortSignal.any(signal ? [signal, stop.signal] : [stop.signal]);
  const paced = pacedRequests(client, { maxRowsPerSecond, giveUpAfterMs, signal: stopped, ...(clock && { clock }) });
  const requests = inFlight({
    isFull: (running) => running >= paced.window(),
    onWait: () => undefined,
    onFailure: () => stop.abort(),
    signal,
  });
  try {
    for (const batch of batches) {
      const send = () => client.batch([...batch], { prepare: true, logged: false });
      await requests.start(() => paced.send(batch.length, send));
    }
    await requests.finish();
    return paced.count;
  } finally {
    stop.abort();
    await requests.drain();
  }
}
