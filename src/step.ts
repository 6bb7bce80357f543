import { interruptible, type Progress, progress } from "@keyspaces-segmentation/notebook-charts";

/** What a step's work is given. */
export interface StepTools extends Pick<Progress, "update"> {
  /** Aborted when the reader interrupts the cell. */
  readonly signal: AbortSignal;
}

/**
 * Runs the work of a cell: shows how far it is and in the end what it came to, and stops it when the cell is interrupted.
 *
 * @param title what is being done, in a word or two
 * @param outcome what it came to
 * @throws what `work` throws
 */
export async function runStep<T>(
  title: string,
  work: (tools: StepTools) => Promise<T>,
  outcome: (result: T) => string,
): Promise<T> {
  const shown = progress(title);
  const result = await interruptible((signal) => work({ signal, update: (state) => shown.update(state) }));
  shown.done(outcome(result));
  return result;
}
