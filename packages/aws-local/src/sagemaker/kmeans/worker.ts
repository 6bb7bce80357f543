/** The container's thread: trains what it is given and answers once. */
import { parentPort, workerData } from "node:worker_threads";
import { ContainerFailure } from "../container_failures.js";
import { type TrainingInput, type TrainingOutput, trainKMeans } from "./train.js";

export type WorkerAnswer = { output: TrainingOutput } | { failure: Pick<ContainerFailure, "kind" | "message"> };

function answer(input: TrainingInput): WorkerAnswer {
  try {
    return { output: trainKMeans(input) };
  } catch (error) {
    if (!(error instanceof ContainerFailure)) throw error;
    // An error's class is lost between threads.
    return { failure: { kind: error.kind, message: error.message } };
  }
}

parentPort?.postMessage(answer(workerData as TrainingInput));
