/**
 * How many requests to have under way, found by trying: additive increase, multiplicative decrease, as TCP does it. Throttling
 * has no error of its own in Keyspaces; timeouts tell of it.
 */
export interface CongestionWindow {
  /** Requests that may be under way now. */
  size(): number;
  /** A request was answered. */
  grow(): void;
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
 * Starts small and grows by one with each answer until the first timeout, from then on by one with each round of answers.
 *
 * @see https://datatracker.ietf.org/doc/html/rfc5681#section-3.1
 */
export function congestionWindow(options: WindowOptions = {}): CongestionWindow {
  const { first = 16, most = 256, now = () => performance.now() } = options;
  let size = first;
  let slowStart = true;
  let cutAt = Number.NEGATIVE_INFINITY;
  return {
    size: () => Math.floor(size),
    grow() {
      size = Math.min(most, size + (slowStart ? 1 : 1 / size));
    },
    cut(startedAt) {
      if (startedAt <= cutAt) return;
      cutAt = now();
      slowStart = false;
      size = Math.max(1, size / 2);
    },
  };
}
