package keyspaces;

import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.connector.catalog.SupportsRead;
import org.apache.spark.sql.connector.catalog.SupportsWrite;
import org.apache.spark.sql.connector.catalog.Table;
import org.apache.spark.sql.connector.catalog.TableCapability;
import org.apache.spark.sql.connector.catalog.TableProvider;
import org.apache.spark.sql.connector.expressions.Transform;
import org.apache.spark.sql.connector.read.ScanBuilder;
import org.apache.spark.sql.connector.write.LogicalWriteInfo;
import org.apache.spark.sql.connector.write.Write;
import org.apache.spark.sql.connector.write.WriteBuilder;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/**
 * Tables of Amazon Keyspaces as a data source of Spark. Whole ones are read, by token ranges:
 * {@code spark.read.format("keyspaces.TableSource").schema(…).option("keyspace", …).option("table", …).load()}.
 * The schema names the columns to read and the types to read them as; its first column is the partition key.
 * Rows are written by {@code frame.write.format("keyspaces.TableSource").mode("append")} and the same two options.
 *
 * <p>Options of reading: {@code ranges}, how many the ring is cut into; {@code consistency}; {@code required}, columns that no row may
 * lack; {@code rowBytes}, what a row weighs, by which read units are counted. Of writing: {@code rowsPerSecond}, of each executor;
 * {@code ttl}, in seconds.
 * Connections are those of the Spark Cassandra Connector, by its settings. Its own reader ends with an exception on the first empty
 * page, which Keyspaces may send at any time, and its writer on the first moment without a connection.
 */
public final class TableSource implements TableProvider {
  @Override
  public StructType inferSchema(CaseInsensitiveStringMap options) {
    throw new IllegalArgumentException("the columns to read have to be given as a schema");
  }

  @Override
  public boolean supportsExternalMetadata() {
    return true;
  }

  @Override
  public Table getTable(StructType schema, Transform[] partitioning, Map<String, String> options) {
    return new SourceTable(schema, new CaseInsensitiveStringMap(options));
  }

  private record SourceTable(StructType schema, CaseInsensitiveStringMap options) implements SupportsRead, SupportsWrite {
    @Override
    public String name() {
      return nameOf(options);
    }

    @Override
    public Set<TableCapability> capabilities() {
      return Set.of(TableCapability.BATCH_READ, TableCapability.BATCH_WRITE);
    }

    @Override
    public ScanBuilder newScanBuilder(CaseInsensitiveStringMap given) {
      return () -> new TableScan(schema, given);
    }

    @Override
    public WriteBuilder newWriteBuilder(LogicalWriteInfo given) {
      return new WriteBuilder() {
        @Override
        public Write build() {
          return new TableWrite(given.schema(), given.options());
        }
      };
    }
  }

  static String quoted(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  static String nameOf(CaseInsensitiveStringMap options) {
    return options.get("keyspace") + "." + options.get("table");
  }

  static String quotedTable(CaseInsensitiveStringMap options) {
    return quoted(options.get("keyspace")) + "." + quoted(options.get("table"));
  }
}
