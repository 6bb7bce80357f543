import { inspect } from "node:util";
import { StepError } from "@keyspaces-segmentation/common";
import { show } from "./display.js";

/**
 * Runs the work of a cell so that an interrupt (■ in JupyterLab) stops it. By itself the kernel ends only the cell: what the cell has
 * begun would go on, and write into the cells that follow. What the interrupted work says for itself is shown, as the cell is over by then.
 *
 * @param work takes the signal to everything that it waits for
 * @throws what `work` throws
 * @example const ingested = await interruptible((signal) => ingestFile(keyspaces, parameters, file, { rejectsFile, signal }))
 */
export async function interruptible<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  // A listener that is there before a cell first waits is undone by the watchdog of Node's vm, and the interrupt would end the kernel.
  await new Promise((resolve) => setImmediate(resolve));
  const controller = new AbortController();
  const { signal } = controller;
  const stop = () =>
    controller.abort(
      new StepError({ tried: "finish the cell", got: "it was interrupted", hint: "Run the cell again." }),
    );
  process.once("SIGINT", stop);
  try {
    return await work(signal);
  } catch (error) {
    if (signal.aborted) show({ "text/plain": inspect(error) });
    throw error;
  } finally {
    process.removeListener("SIGINT", stop);
  }
}
