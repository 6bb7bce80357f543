package keyspaces;

import java.math.BigDecimal;
import java.math.RoundingMode;
import org.apache.spark.sql.api.java.UDF2;

/**
 * The exact product of two decimals, for Spark SQL: its own product of two long decimals drops digits. Null where a factor is null.
 */
public final class Exact implements UDF2<BigDecimal, BigDecimal, BigDecimal> {
  /** Of the products; as a type of Spark, decimal(38,20). */
  private static final int PRECISION = 38;

  private static final int SCALE = 20;
  /** Larger ones (1e-1000000) only cost time. */
  private static final int LARGEST_SCALE = 1000;

  @Override
  public BigDecimal call(BigDecimal a, BigDecimal b) {
    if (a == null || b == null) return null;
    BigDecimal product = fitting(a.stripTrailingZeros().multiply(b.stripTrailingZeros()), PRECISION, SCALE);
    if (product == null) {
      throw new ArithmeticException(a.toPlainString() + " × " + b.toPlainString() + " has more digits than decimal(38,20) holds");
    }
    return product;
  }

  /** The same number with so many digits behind the point; null where they do not hold it. */
  static BigDecimal fitting(BigDecimal value, int precision, int scale) {
    if (Math.abs((long) value.scale()) > LARGEST_SCALE) return null;
    BigDecimal least = value.stripTrailingZeros();
    if (least.scale() > scale) return null;
    BigDecimal fitting = least.setScale(scale, RoundingMode.UNNECESSARY);
    return fitting.precision() > precision ? null : fitting;
  }
}
