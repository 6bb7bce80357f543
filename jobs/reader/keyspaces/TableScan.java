package keyspaces;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.Row;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.read.Batch;
import org.apache.spark.sql.connector.read.InputPartition;
import org.apache.spark.sql.connector.read.PartitionReader;
import org.apache.spark.sql.connector.read.PartitionReaderFactory;
import org.apache.spark.sql.connector.read.Scan;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/** A scan of a table: one task for each token range. */
final class TableScan implements Scan, Batch {
  private static final int RANGES = 128;

  private final StructType schema;
  private final CaseInsensitiveStringMap options;

  TableScan(StructType schema, CaseInsensitiveStringMap options) {
    this.schema = schema;
    this.options = options;
  }

  @Override
  public StructType readSchema() {
    return schema;
  }

  @Override
  public Batch toBatch() {
    return this;
  }

  @Override
  public InputPartition[] planInputPartitions() {
    try (CqlSession session = Sessions.open()) {
      Row local = patienceWith(TableSource.nameOf(options)).get(() -> session.executeAsync("SELECT partitioner FROM system.local")).one();
      String partitioner = local == null ? "none" : String.valueOf(local.getString(0));
      return TokenRange.split(partitioner, options.getInt("ranges", RANGES)).toArray(InputPartition[]::new);
    }
  }

  @Override
  public PartitionReaderFactory createReaderFactory() {
    List<String> required = Stream.of(options.getOrDefault("required", "").split(",")).filter(name -> !name.isBlank()).toList();
    String consistency = options.getOrDefault("consistency", "LOCAL_QUORUM");
    ReadCounts counts = ReadCounts.of(SparkContext.getOrCreate());
    int pageSize = options.getInt("pageSize", 5000);
    int rowBytes = options.getInt("rowBytes", 0);
    return new Factory(TableSource.nameOf(options), query(), consistency, pageSize, rowBytes, new RowReader(schema, required), counts);
  }

  /** Both ends of the range are of it. */
  private String query() {
    String columns = Stream.of(schema.fieldNames()).map(TableSource::quoted).collect(Collectors.joining(", "));
    String key = TableSource.quoted(schema.fieldNames()[0]);
    return "SELECT " + columns + " FROM " + TableSource.quotedTable(options) + " WHERE token(" + key + ") >= ? AND token(" + key + ") <= ?";
  }

  private static Patience patienceWith(String table) {
    return new Patience("read " + table);
  }

  private record Factory(String table, String query, String consistency, int pageSize, int rowBytes, RowReader rows, ReadCounts counts)
      implements PartitionReaderFactory {
    @Override
    public PartitionReader<InternalRow> createReader(InputPartition partition) {
      IntConsumer onPage = page -> counts.add(page, rowBytes, consistency);
      return new RangeReader((TokenRange) partition, query, consistency, pageSize, rows, patienceWith(table), onPage);
    }
  }
}
