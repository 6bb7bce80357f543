import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { ContainerFailure } from "../container_failures.js";
import type { TrainingInput, TrainingOutput } from "./train.js";
import type { WorkerAnswer } from "./worker.js";

/**
 * Trains in a thread of its own, so that the stand-in keeps answering.
 *
 * @throws ContainerFailure; the signal's reason when aborted
 */
export async function runContainer(input: TrainingInput, signal: AbortSignal): Promise<TrainingOutput> {
  signal.throwIfAborted();
  const worker = new Worker(require.resolve("./worker.js"), { workerData: input });
  try {
    const [answer] = (await Promise.race([
      once(worker, "message", { signal }),
      once(worker, "exit", { signal }).then(() => Promise.reject(new Error("the training thread ended early"))),
    ])) as [WorkerAnswer];
    if ("output" in answer) return answer.output;
    throw new ContainerFailure(answer.failure.kind, answer.failure.message);
  } finally {
    await worker.terminate();
  }
}
