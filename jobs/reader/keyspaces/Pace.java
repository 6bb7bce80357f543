package keyspaces;

import java.io.Serializable;
import java.util.concurrent.TimeUnit;

/** So many rows a second at most, of all tasks of an executor together. */
record Pace(int rowsPerSecond) implements Serializable {
  /** So late may rows be that the next ones make up for them: sleeping takes longer than it is asked to. Nanoseconds. */
  private static final long LATE = TimeUnit.MILLISECONDS.toNanos(100);

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

  /** How long the caller has to wait for its turn. */
  private static synchronized long take(long interval) {
    long now = System.nanoTime();
    long turn = Math.max(next, now - LATE);
    next = turn + interval;
    return Math.max(0, turn - now);
  }
}
