package keyspaces;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.BoundStatementBuilder;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
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
 * Writes the rows of one task, a request a row and many at a time. A request that fails is made again, as it may be: the same row in the
 * same place. The first row that cannot be written ends the task, so that nothing is written, and billed, beyond it in vain.
 */
final class RowWriter implements DataWriter<InternalRow> {
  private final TableWrite.Target target;
  private final CqlSession session;
  private final PreparedStatement insert;
  private final Semaphore free;

  /** Those that wait for their requests to be made again. */
  private final ExecutorService patient = Executors.newCachedThreadPool();

  /** A permit for each row of this task that is done with. */
  private final Semaphore done = new Semaphore(0);

  private int begun;
  private final AtomicReference<Throwable> failure = new AtomicReference<>();

  RowWriter(TableWrite.Target target) {
    this.target = target;
    free = UnderWay.at(target.pace().rowsPerSecond());
    session = Sessions.open();
    insert = Sessions.orClose(session, () -> target.prepare(session));
  }

  @Override
  public void write(InternalRow row) {
    // Before the next row, which Spark may put into the same object.
    BoundStatement statement = bind(row);
    target.pace().await();
    acquire(free, 1);
    if (failure.get() != null) {
      // Other tasks have theirs of the same.
      free.release();
      throw reason();
    }
    begun++;
    send(statement).whenComplete((answer, failed) -> settle(statement, failed));
  }

  @Override
  public WriterCommitMessage commit() {
    acquire(done, begun);
    if (failure.get() != null) throw reason();
    return null;
  }

  @Override
  public void abort() {}

  @Override
  public void close() {
    patient.shutdownNow();
    session.close();
  }

  private CompletionStage<?> send(BoundStatement statement) {
    try {
      return session.executeAsync(statement);
    } catch (RuntimeException thrown) {
      return CompletableFuture.failedFuture(thrown);
    }
  }

  /** On a thread of the driver, which must not wait. */
  private void settle(BoundStatement statement, Throwable failed) {
    if (failed == null) {
      release();
      return;
    }
    try {
      patient.execute(() -> sendAgain(statement, failed));
    } catch (RuntimeException | Error thrown) {
      // No further thread, or the task has ended.
      failure.compareAndSet(null, thrown);
      release();
    }
  }

  private void sendAgain(BoundStatement statement, Throwable failed) {
    try {
      target.patience().getAfter(failed, () -> session.executeAsync(statement));
    } catch (RuntimeException | Error thrown) {
      failure.compareAndSet(null, thrown);
    } finally {
      release();
    }
  }

  private void release() {
    free.release();
    done.release();
  }

  private IllegalStateException reason() {
    Throwable failed = failure.get();
    IllegalStateException reason = new IllegalStateException(failed.getMessage());
    reason.addSuppressed(failed);
    return reason;
  }

  private static void acquire(Semaphore semaphore, int permits) {
    try {
      semaphore.acquire(permits);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while writing", interrupted);
    }
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
