import { afterEach, beforeEach, jest } from "@jest/globals";

/**
 * Spares the tests of a suite the pauses between two looks or attempts, ours and the SDK's: the clock of our deadlines is put forward
 * instead. For suites that wait for one thing at a time.
 */
export function useQuickPauses(): void {
  // The module itself: what `import` gives is a copy, which those who pause do not look at.
  const abort = require("@keyspaces-segmentation/common/dist/abort.js") as {
    pause: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
  };
  let spies: { mockRestore(): void }[] = [];
  beforeEach(() => {
    const { pause } = abort;
    const now = performance.now.bind(performance);
    let ahead = 0;
    const quick = async (milliseconds: number, signal?: AbortSignal) => {
      await pause(0, signal);
      ahead += milliseconds;
    };
    spies = [
      jest.spyOn(performance, "now").mockImplementation(() => now() + ahead),
      jest.spyOn(abort, "pause").mockImplementation(quick),
      // The SDK pauses for a share of its limit, drawn by chance.
      jest.spyOn(Math, "random").mockReturnValue(0),
    ];
  });
  afterEach(() => {
    for (const spy of spies) spy.mockRestore();
  });
}
