/** What AWS Glue bills for, and how long its jobs take. https://aws.amazon.com/glue/pricing/ */

/** DPUs of a worker, as its name has them: "G.2X" two, "R.1X" one. https://docs.aws.amazon.com/glue/latest/dg/worker-types.html */
export function dpusOf(workerType: string): number {
  const [, size] = /^[GR]\.(\d+)X$/.exec(workerType) ?? [];
  return Number(size ?? 1);
}

/** What its DPUs are billed as: those of R workers have twice the memory, and a price of their own. */
export const dpuItemOf = (workerType: string): "glueDpuSeconds" | "glueMemoryDpuSeconds" =>
  workerType.startsWith("R.") ? "glueMemoryDpuSeconds" : "glueDpuSeconds";

/** The least that a run is billed for. Seconds. */
const LEAST_SECONDS = 60;

/** The seconds that a run is billed for. */
export const billedSeconds = (executionSeconds: number): number => Math.max(LEAST_SECONDS, Math.ceil(executionSeconds));

/** Assumed where nothing is known before: for Spark to start, and the rows that a DPU reads and folds, which on two cores of one machine were some 60,000. */
const START_SECONDS = 45;
const ROWS_PER_SECOND = 20_000;
/** And those that a DPU makes and sends, a sixth of what as many cores of one machine do. */
const ROWS_SENT_PER_SECOND = 10_000;

/** Workers of a run. */
export interface Workers {
  readonly workerType: string;
  readonly workers: number;
}

/** Rows a second that are written, of those that are asked for: what all workers but the leading one are sure to send. */
export const writingRate = (asked: number, { workerType, workers }: Workers): number =>
  Math.min(asked, ROWS_SENT_PER_SECOND * dpusOf(workerType) * Math.max(1, workers - 1));

/** DPU-seconds of a run that writes so many rows at a rate, which is that of all workers together. */
export function writingDpuSeconds(rows: number, rowsPerSecond: number, { workerType, workers }: Workers): number {
  return billedSeconds(START_SECONDS + rows / rowsPerSecond) * dpusOf(workerType) * workers;
}

/** How long a run takes that reads so many rows. One of the workers leads, the others read. */
export const readingSeconds = (rows: number, { workerType, workers }: Workers): number =>
  START_SECONDS + rows / (ROWS_PER_SECOND * dpusOf(workerType) * Math.max(1, workers - 1));

/** DPU-seconds that such a run is billed for. */
export function estimatedDpuSeconds(rows: number, workers: Workers): number {
  return billedSeconds(readingSeconds(rows, workers)) * dpusOf(workers.workerType) * workers.workers;
}
