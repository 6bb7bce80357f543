package keyspaces;

import com.datastax.oss.driver.api.core.cql.Row;
import java.io.Serializable;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;

/** Turns rows of the driver into rows of Spark, exactly: a number that its column cannot hold is an error, and so is a missing one. */
record RowReader(StructType schema, List<String> required) implements Serializable {
  /** Of the moments that the jobs can write. */
  private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");

  private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999Z");

  InternalRow read(Row row) {
    StructField[] fields = schema.fields();
    Object[] values = new Object[fields.length];
    for (int i = 0; i < fields.length; i++) {
      values[i] = row.isNull(i) ? null : valueOf(row, i, fields[i]);
      if (values[i] == null && required.contains(fields[i].name())) {
        throw new IllegalStateException(fields[i].name() + " is missing in " + describe(row));
      }
    }
    return new GenericInternalRow(values);
  }

  private Object valueOf(Row row, int i, StructField field) {
    if (field.dataType() instanceof DecimalType type) return decimalOf(row, i, field.name(), type);
    if (field.dataType().equals(DataTypes.StringType)) return UTF8String.fromString(row.getString(i));
    if (field.dataType().equals(DataTypes.IntegerType)) return row.getInt(i);
    if (field.dataType().equals(DataTypes.DoubleType)) return row.getDouble(i);
    if (field.dataType().equals(DataTypes.TimestampType)) return microsOf(row, i, field.name());
    throw new IllegalArgumentException("columns cannot be read as " + field.dataType().simpleString());
  }

  /** Since 1970, as Spark has timestamps; Cassandra's are of milliseconds. */
  private long microsOf(Row row, int i, String name) {
    Instant at = row.getInstant(i);
    if (at.isBefore(FIRST) || at.isAfter(LAST)) {
      throw new IllegalStateException(name + " is not of the years 1 to 9999 in " + describe(row));
    }
    return at.toEpochMilli() * 1000;
  }

  private Decimal decimalOf(Row row, int i, String name, DecimalType type) {
    BigDecimal value = row.getBigDecimal(i);
    BigDecimal fitting = Exact.fitting(value, type.precision(), type.scale());
    if (fitting == null) {
      throw new IllegalStateException(name + " has more digits than " + type.simpleString() + " holds in " + describe(row));
    }
    return Decimal.apply(new scala.math.BigDecimal(fitting), type.precision(), type.scale());
  }

  /** A row by its partition key. */
  private String describe(Row row) {
    return "a row of " + schema.fieldNames()[0] + " " + row.getObject(0);
  }
}
