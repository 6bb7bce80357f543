package keyspaces;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import java.io.Serializable;
import java.util.Collections;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.write.BatchWrite;
import org.apache.spark.sql.connector.write.DataWriter;
import org.apache.spark.sql.connector.write.DataWriterFactory;
import org.apache.spark.sql.connector.write.PhysicalWriteInfo;
import org.apache.spark.sql.connector.write.Write;
import org.apache.spark.sql.connector.write.WriterCommitMessage;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/** Rows to be written into a table, each over that of the same key, if there is one. */
final class TableWrite implements Write, BatchWrite {
  private static final int ROWS_PER_SECOND = 1000;

  private final Target target;

  TableWrite(StructType schema, CaseInsensitiveStringMap options) {
    String columns = Stream.of(schema.fieldNames()).map(TableSource::quoted).collect(Collectors.joining(", "));
    String marks = String.join(", ", Collections.nCopies(schema.length(), "?"));
    int ttl = options.getInt("ttl", 0);
    String using = ttl > 0 ? " USING TTL " + ttl : "";
    String query = "INSERT INTO " + TableSource.quotedTable(options) + " (" + columns + ") VALUES (" + marks + ")" + using;
    target = new Target(TableSource.nameOf(options), schema, query, new Pace(options.getInt("rowsPerSecond", ROWS_PER_SECOND)));
  }

  @Override
  public BatchWrite toBatch() {
    return this;
  }

  /** A table that is not there, or has not these columns, is not worth a task. */
  @Override
  public DataWriterFactory createBatchWriterFactory(PhysicalWriteInfo info) {
    try (CqlSession session = Sessions.open()) {
      target.prepare(session);
    }
    return new Factory(target);
  }

  /** Every row may be written by several attempts of its task. */
  @Override
  public boolean useCommitCoordinator() {
    return false;
  }

  @Override
  public void commit(WriterCommitMessage[] messages) {}

  @Override
  public void abort(WriterCommitMessage[] messages) {}

  /** Where rows go, which the schema describes, and how fast. */
  record Target(String name, StructType schema, String query, Pace pace) implements Serializable {
    Patience patience() {
      return new Patience("write to " + name);
    }

    PreparedStatement prepare(CqlSession session) {
      return patience().get(() -> session.prepareAsync(query));
    }
  }

  private record Factory(Target target) implements DataWriterFactory {
    @Override
    public DataWriter<InternalRow> createWriter(int partition, long task) {
      return new RowWriter(target);
    }
  }
}
