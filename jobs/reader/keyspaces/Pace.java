package keyspaces;

import java.io.Serializable;
import java.util.concurrent.TimeUnit;

/** So many rows a second at most, of all tasks of an executor together. */
record Pace(int rowsPerSecond) implements Serializable {
  /** When the next row may be written, by {@link System#nanoTime}. */
  private static long next = System.nanoTime();

  void await() {
    try {
      TimeUnit.NANOSECONDS.sleep(take(TimeUnit.SECONDS.toNanos(1) / rowsPerSecond));
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while writing", interrupted);
    }
  }

  /** How long the caller has to wait for its turn; what was not used is not made up for. */
  private static synchronized long take(long interval) {
    long now = System.nanoTime();
    long turn = Math.max(0, next - now);
    next = now + turn + interval;
    return turn;
  }
}
