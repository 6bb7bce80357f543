package keyspaces;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.BoundStatementBuilder;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import java.time.Instant;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.write.DataWriter;
import org.apache.spark.sql.connector.write.WriterCommitMessage;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;

/**
 * Writes the rows of one task, a request a row and several at a time. A request that fails is made again, as it may be: the same row in
 * the same place. The first row that cannot be written ends the task, so that nothing is written, and billed, beyond it in vain.
 */
final class RowWriter implements DataWriter<InternalRow> {
  private static final int WINDOW = 16;

  private final TableWrite.Target target;
  private final CqlSession session;
  private final PreparedStatement insert;
  private final Semaphore free = new Semaphore(WINDOW);
  private final ExecutorService window = Executors.newFixedThreadPool(WINDOW);
  private final AtomicReference<Throwable> failure = new AtomicReference<>();

  RowWriter(TableWrite.Target target) {
    this.target = target;
    session = Sessions.open();
    insert = Sessions.orClose(session, () -> target.prepare(session));
  }

  @Override
  public void write(InternalRow row) {
    // Before the next row, which Spark may put into the same object.
    BoundStatement statement = bind(row);
    target.pace().await();
    acquire(1);
    window.execute(
        () -> {
          try {
            target.patience().get(() -> session.executeAsync(statement));
          } catch (RuntimeException | Error thrown) {
            failure.compareAndSet(null, thrown);
          } finally {
            free.release();
          }
        });
  }

  @Override
  public WriterCommitMessage commit() {
    acquire(WINDOW);
    return null;
  }

  @Override
  public void abort() {}

  @Override
  public void close() {
    window.shutdownNow();
    session.close();
  }

  private void acquire(int permits) {
    try {
      free.acquire(permits);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while writing", interrupted);
    }
    Throwable failed = failure.get();
    if (failed == null) return;
    IllegalStateException reason = new IllegalStateException(failed.getMessage());
    reason.addSuppressed(failed);
    throw reason;
  }

  /** What is null is left as it is in the table, and no tombstone. */
  private BoundStatement bind(InternalRow row) {
    BoundStatementBuilder values = insert.boundStatementBuilder();
    StructField[] fields = target.schema().fields();
    for (int i = 0; i < fields.length; i++) {
      if (!row.isNullAt(i)) set(values, i, fields[i].dataType(), row);
    }
    return values.build();
  }

  private static void set(BoundStatementBuilder values, int i, DataType type, InternalRow row) {
    if (type.equals(DataTypes.StringType)) values.setString(i, row.getUTF8String(i).toString());
    else if (type.equals(DataTypes.IntegerType)) values.setInt(i, row.getInt(i));
    else if (type.equals(DataTypes.DoubleType)) values.setDouble(i, row.getDouble(i));
    // Spark's are of microseconds, Cassandra's of milliseconds.
    else if (type.equals(DataTypes.TimestampType)) values.setInstant(i, Instant.ofEpochMilli(Math.floorDiv(row.getLong(i), 1000)));
    else throw new IllegalArgumentException("columns cannot be written as " + type.simpleString());
  }
}
