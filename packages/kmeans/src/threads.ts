import { availableParallelism } from "node:os";
import { setImmediate } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { onAbort, requireInteger } from "@keyspaces-segmentation/common";
import { type Jobs, jobs } from "./jobs.js";
import type { KdTree } from "./kd_tree.js";
import type { Message } from "./worker.js";

export interface ThreadOptions {
  /** Ends the threads and rejects with its reason. */
  readonly signal?: AbortSignal | undefined;
  /** Threads at most. Default: as many as the machine has use for; none for less than 1,000 rows. No result depends on it. */
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

/** A thread takes longer to start than a job with fewer rows than this takes. */
const ROWS_FOR_THREADS = 1000;

/** Orders that a thread has at a time: with a second one it need not wait for us after the first. */
const ORDERS_AHEAD = 2;

/**
 * Starts threads, lets `use` put them to work, and ends them. Where none pays, the jobs are done here, one a turn of the event loop.
 *
 * @param work rows that the jobs are about, and how many jobs there will be at a time: no more threads are started than that
 * @throws what `use` throws; the signal's reason when aborted; ArgumentError
 */
export async function inThreads<T>(
  { signal, threads }: ThreadOptions,
  work: { readonly rows: number; readonly jobs: number },
  use: (threads: Threads) => Promise<T>,
): Promise<T> {
  if (threads !== undefined) requireInteger("threads", threads, 1);
  signal?.throwIfAborted();
  if (threads === undefined && work.rows < ROWS_FOR_THREADS) return use(here(signal));
  const workers = Array.from({ length: Math.min(threads ?? availableParallelism(), work.jobs) }, () => ({
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

/** The caller's own thread, which is free between two jobs. */
function here(signal: AbortSignal | undefined): Threads {
  let tree: KdTree;
  let last: Promise<unknown> = Promise.resolve();
  return {
    share(given) {
      tree = given;
    },
    run(job, input) {
      const done = last.then(setImmediate).then(() => {
        signal?.throwIfAborted();
        return jobs[job](tree, input as never) as ReturnType<Jobs[typeof job]>;
      });
      last = done.catch(() => undefined);
      return done;
    },
  };
}
