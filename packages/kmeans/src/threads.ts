import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { onAbort, requireInteger } from "@keyspaces-segmentation/common";
import type { Jobs } from "./jobs.js";
import type { KdTree } from "./kd_tree.js";
import type { Message } from "./worker.js";

export interface ThreadOptions {
  /** Ends the threads and rejects with its reason. */
  readonly signal?: AbortSignal | undefined;
  /** Threads at most. Default: as many as the machine has use for. No result depends on it. */
  readonly threads?: number | undefined;
}

/** Threads that work on the rows of one tree. */
export interface Threads {
  /** Gives the threads the rows that all jobs are about. To be called before the first `run`. */
  share(tree: KdTree): void;
  /** @returns what the job returns, when a thread has done it; jobs begin in the order in which they are given */
  run<N extends keyof Jobs>(job: N, input: Parameters<Jobs[N]>[1]): Promise<ReturnType<Jobs[N]>>;
}

interface Order {
  readonly message: Message;
  readonly resolve: (answer: unknown) => void;
}

/** Orders that a thread has at a time: with a second one it need not wait for us after the first. */
const ORDERS_AHEAD = 2;

/**
 * Starts threads, lets `use` put them to work, and ends them.
 *
 * @param jobs how many there will be at a time: no more threads are started than that
 * @throws what `use` throws; the signal's reason when aborted; ArgumentError
 */
export async function inThreads<T>(
  { signal, threads = availableParallelism() }: ThreadOptions,
  jobs: number,
  use: (threads: Threads) => Promise<T>,
): Promise<T> {
  requireInteger("threads", threads, 1);
  signal?.throwIfAborted();
  const workers = Array.from({ length: Math.min(threads, jobs) }, () => ({
    worker: new Worker(require.resolve("./worker.js")),
    orders: [] as Order[],
  }));
  const waiting: Order[] = [];
  const handOut = (): void => {
    for (const { worker, orders } of workers.toSorted((a, b) => a.orders.length - b.orders.length)) {
      const next = orders.length < ORDERS_AHEAD ? waiting.shift() : undefined;
      if (next === undefined) continue;
      orders.push(next);
      worker.postMessage(next.message);
    }
  };
  let stop = (_reason: unknown): void => {};
  const stopped = new Promise<never>((_, reject) => {
    stop = reject;
  });
  // Also when `use` throws at once and nobody awaits it.
  stopped.catch(() => {});
  for (const { worker, orders } of workers) {
    worker.on("message", (answer) => {
      orders.shift()?.resolve(answer);
      handOut();
    });
    worker.on("error", stop);
    worker.on("exit", () => stop(new Error("a thread ended early")));
  }
  const release = onAbort(signal, () => stop(signal?.reason));
  try {
    const done = use({
      share(tree) {
        for (const { worker } of workers) worker.postMessage({ tree });
      },
      run: (job, input) =>
        new Promise((resolve) => {
          waiting.push({ message: { job, input }, resolve: resolve as (answer: unknown) => void });
          handOut();
        }),
    });
    return await Promise.race([done, stopped]);
  } finally {
    release();
    await Promise.all(workers.map(({ worker }) => worker.terminate()));
  }
}
