package keyspaces;

import java.io.Serializable;
import org.apache.spark.SparkContext;
import org.apache.spark.util.DoubleAccumulator;
import org.apache.spark.util.LongAccumulator;

/**
 * Pages that were read in this application, by tasks that have come to a good end, and what they are billed. A row is read as a whole,
 * whatever columns are asked for: every started 4 KB of a page, at least one, is a read unit, and half of one at LOCAL_ONE.
 *
 * @see <a href="https://docs.aws.amazon.com/keyspaces/latest/devguide/table_scans.html">Table scans</a>
 */
public final class ReadCounts implements Serializable {
  private static final long UNIT_BYTES = 4096;
  private static ReadCounts ofApplication;

  private final LongAccumulator pages;
  private final DoubleAccumulator units;

  private ReadCounts(SparkContext context) {
    pages = context.longAccumulator("pages read");
    units = context.doubleAccumulator("read units");
  }

  static synchronized ReadCounts of(SparkContext context) {
    if (ofApplication == null) ofApplication = new ReadCounts(context);
    return ofApplication;
  }

  void add(int rows, int rowBytes, String consistency) {
    pages.add(1L);
    long started = Math.max(1, ((long) rows * rowBytes + UNIT_BYTES - 1) / UNIT_BYTES);
    units.add("LOCAL_ONE".equals(consistency) ? started / 2.0 : (double) started);
  }

  public static long pages() {
    return ofApplication == null ? 0 : ofApplication.pages.value();
  }

  public static double readUnits() {
    return ofApplication == null ? 0 : ofApplication.units.value();
  }
}
