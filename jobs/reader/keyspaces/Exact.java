package keyspaces;

import java.math.BigDecimal;
import java.math.RoundingMode;
import org.apache.spark.sql.api.java.UDF2;

/**
 * The exact product of a quantity and a price, for Spark SQL: its own product of two long decimals drops digits. A price of 18 digits
 * behind the point is an amount divided by the quantity, and so is one of which the product is as near to an amount as that: the product
 * is rounded to that amount, as packages/invoices does. Null where a factor is null.
 */
public final class Exact implements UDF2<BigDecimal, BigDecimal, BigDecimal> {
  /** Of the products; as a type of Spark, decimal(38,20). */
  private static final int PRECISION = 38;

  private static final int SCALE = 20;
  private static final int QUOTIENT_DIGITS = 18;
  private static final int AMOUNT_DIGITS = 8;
  /** Larger ones (1e-1000000) only cost time. */
  private static final int LARGEST_SCALE = 1000;

  @Override
  public BigDecimal call(BigDecimal quantity, BigDecimal price) {
    if (quantity == null || price == null) return null;
    BigDecimal each = price.stripTrailingZeros();
    BigDecimal exact = quantity.stripTrailingZeros().multiply(each);
    BigDecimal amount = each.scale() > AMOUNT_DIGITS ? amountOf(exact, quantity, each) : exact;
    BigDecimal product = fitting(amount, PRECISION, SCALE);
    if (product == null) {
      throw new ArithmeticException(
          quantity.toPlainString() + " × " + price.toPlainString() + " has more digits than decimal(38,20) holds");
    }
    return product;
  }

  private static BigDecimal amountOf(BigDecimal exact, BigDecimal quantity, BigDecimal price) {
    BigDecimal nearest = exact.setScale(AMOUNT_DIGITS, RoundingMode.HALF_UP);
    BigDecimal atMost = quantity.abs().multiply(BigDecimal.valueOf(2, QUOTIENT_DIGITS));
    boolean isNear = exact.subtract(nearest).abs().compareTo(atMost) <= 0;
    return isNear || price.scale() >= QUOTIENT_DIGITS ? nearest : exact;
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
