package keyspaces;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/** How many rows may be without an answer at a time, of all tasks of an executor together, as their rate is. */
final class UnderWay {
  /** Answers may take so long, on average, and the rate is reached nevertheless. */
  private static final double SECONDS = 0.025;

  private static final int FEWEST = 16;

  /** More would only fill memory. */
  private static final int MOST = 2048;

  private static final Map<Integer, Semaphore> OF_EXECUTOR = new ConcurrentHashMap<>();

  private UnderWay() {}

  static Semaphore at(int rowsPerSecond) {
    int rows = (int) Math.min(MOST, Math.max(FEWEST, Math.ceil(rowsPerSecond * SECONDS)));
    return OF_EXECUTOR.computeIfAbsent(rows, Semaphore::new);
  }
}
