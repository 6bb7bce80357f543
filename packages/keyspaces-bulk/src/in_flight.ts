/** Requests under way together; a failure of one ends all. */
export interface InFlight {
  /** Starts a task as soon as there is room. @throws the first failure of a task, or the signal's reason */
  start(task: () => Promise<void>): Promise<void>;
  /** Waits until all tasks have ended. @throws as `start` */
  finish(): Promise<void>;
  /** Waits until all tasks have ended, well or not. */
  drain(): Promise<void>;
}

export interface InFlightOptions {
  /** Whether that many tasks are enough for now. */
  readonly isFull: (running: number) => boolean;
  /** Called each time that a task has ended while there is something to wait for. */
  readonly onWait: () => Promise<void>;
  /** Called at each failure: what is under way should not go on for long. */
  readonly onFailure: () => void;
  readonly signal?: AbortSignal | undefined;
}

/** For tasks that are begun one after the other and end in any order, with a limit that changes on the way. */
export function inFlight({ isFull, onWait, onFailure, signal }: InFlightOptions): InFlight {
  let running = 0;
  let failure: { reason: unknown } | undefined;
  let wake: () => void = () => undefined;
  const turn = (): Promise<void> => new Promise((resolve) => (wake = resolve));

  const room = async (mustWait: () => boolean): Promise<void> => {
    while (failure === undefined && running > 0 && mustWait()) {
      await turn();
      await onWait();
    }
    if (failure !== undefined) throw failure.reason;
    signal?.throwIfAborted();
  };
  const run = async (task: () => Promise<void>): Promise<void> => {
    running++;
    try {
      await task();
    } catch (reason) {
      failure ??= { reason };
      onFailure();
    } finally {
      running--;
      wake();
    }
  };
  return {
    async start(task) {
      await room(() => isFull(running));
      void run(task);
    },
    finish: () => room(() => true),
    async drain() {
      while (running > 0) await turn();
    },
  };
}
