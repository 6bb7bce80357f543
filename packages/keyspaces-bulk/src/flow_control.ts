/**
 * How many requests to have under way, found by trying: additive increase, multiplicative decrease, as TCP does it. Throttling
 * has no error of its own in Keyspaces; timeouts tell of it.
 */
export interface CongestionWindow {
  /** Requests that may be under way now. */
  size(): number;
  /** A request was answered. @param took how long that took, in milliseconds */
  answered(took: number): void;
  /**
   * A request timed out. Halves the window, but once only for the requests that were under way together.
   *
   * @param startedAt when that request began, on the window's clock
   */
  cut(startedAt: number): void;
}

export interface WindowOptions {
  readonly first?: number;
  readonly most?: number;
  /** Milliseconds. */
  readonly now?: () => number;
}

/**
 * So many requests may wait for others, to keep a service busy. Those that wait hold their rows in memory, and with more of them the
 * rows get into its old generation, while nothing is done the sooner.
 */
const WAITING = 128;
/** Of the usual time of an answer, how much the latest one counts; so many answers it takes to have one. */
const LATEST = 1 / 8;
const FIRST_ANSWERS = 32;

/**
 * Starts small and grows by one with each answer until the first timeout, from then on by one with each round of answers: until there
 * are as many as are under way at once over the line, by the quickest time that answers usually took, and {@link WAITING} more. What takes
 * longer than that is waiting for other requests. Where the line itself becomes longer on the way, the window may shrink as far as these.
 *
 * @see https://datatracker.ietf.org/doc/html/rfc5681#section-3.1
 * @see https://en.wikipedia.org/wiki/FAST_TCP the same rule for packets
 */
export function congestionWindow(options: WindowOptions = {}): CongestionWindow {
  const { first = 16, most = 256, now = () => performance.now() } = options;
  let size = first;
  let slowStart = true;
  let cutAt = Number.NEGATIVE_INFINITY;
  let quickest = Number.POSITIVE_INFINITY;
  let usual: number | undefined;
  let answers = 0;
  return {
    size: () => Math.floor(size),
    answered(took) {
      usual = usual === undefined ? took : usual + LATEST * (took - usual);
      if (++answers >= FIRST_ANSWERS) quickest = Math.min(quickest, usual);
      const ofLine = usual > quickest ? (size * quickest) / usual : size;
      const growth = (ofLine + WAITING - size) / size;
      size = Math.max(1, Math.min(most, size + Math.max(-1, Math.min(growth, slowStart ? 1 : 1 / size))));
    },
    cut(startedAt) {
      if (startedAt <= cutAt) return;
      cutAt = now();
      slowStart = false;
      size = Math.max(1, size / 2);
    },
  };
}

/** Short bursts are let through, in milliseconds of the rate: timers are not exact, and a little unevenness does no harm. */
const BURST_MS = 50;

/**
 * Spaces things out to a rate (the generic cell rate algorithm).
 *
 * @returns a function that books `amount` and answers how long to wait before going on, in milliseconds, mostly 0
 * @param perSecond the rate, asked anew each time; Infinity for none
 * @see https://en.wikipedia.org/wiki/Generic_cell_rate_algorithm
 */
export function rateLimit(
  perSecond: () => number,
  now: () => number = () => performance.now(),
): (amount: number) => number {
  let due = Number.NEGATIVE_INFINITY;
  return (amount) => {
    const time = now();
    const wait = Math.max(0, due - BURST_MS - time);
    due = Math.max(due, time) + (amount * 1000) / perSecond();
    return wait;
  };
}

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
  readonly onWait: () => Promise<void> | undefined;
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
      const work = onWait();
      if (work !== undefined) await work;
    }
    if (failure !== undefined) throw failure.reason;
    signal?.throwIfAborted();
  };
  const ended = (): void => {
    running--;
    wake();
  };
  const failed = (reason: unknown): void => {
    failure ??= { reason };
    try {
      onFailure();
    } finally {
      ended();
    }
  };
  return {
    async start(task) {
      await room(() => isFull(running));
      running++;
      try {
        void task().then(ended, failed);
      } catch (reason) {
        failed(reason);
      }
    },
    finish: () => room(() => true),
    async drain() {
      while (running > 0) await turn();
    },
  };
}
