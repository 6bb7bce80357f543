package keyspaces;

import com.datastax.oss.driver.api.core.ConsistencyLevel;
import com.datastax.oss.driver.api.core.connection.ClosedConnectionException;
import com.datastax.oss.driver.api.core.connection.HeartbeatException;
import com.datastax.oss.driver.api.core.context.DriverContext;
import com.datastax.oss.driver.api.core.retry.RetryVerdict;
import com.datastax.oss.driver.api.core.servererrors.CoordinatorException;
import com.datastax.oss.driver.api.core.servererrors.WriteType;
import com.datastax.oss.driver.api.core.session.Request;
import com.datastax.oss.driver.internal.core.retry.DefaultRetryPolicy;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Makes a write again, at the same place and after a pause, whenever it may succeed later: Keyspaces throttles by timeouts, and the rows
 * that are written here may be written twice. The driver's own policy goes on to the next node, once for each, and then gives up. The pause
 * holds up all that is on the way on its connection, which is what throttling asks for, and is short for that reason.
 */
public final class PatientWrites extends DefaultRetryPolicy {
  private static final int ATTEMPTS = 200;
  private static final long BASE_MS = 10;
  private static final long CAP_MS = 100;

  public PatientWrites(DriverContext context, String profile) {
    super(context, profile);
  }

  @Override
  public RetryVerdict onWriteTimeoutVerdict(
      Request request, ConsistencyLevel level, WriteType type, int needed, int received, int retries) {
    return again(retries);
  }

  @Override
  public RetryVerdict onUnavailableVerdict(Request request, ConsistencyLevel level, int needed, int alive, int retries) {
    return again(retries);
  }

  /** What the service says of itself: overloaded, failed within, failed to write. */
  @Override
  public RetryVerdict onErrorResponseVerdict(Request request, CoordinatorException error, int retries) {
    return again(retries);
  }

  @Override
  public RetryVerdict onRequestAbortedVerdict(Request request, Throwable error, int retries) {
    boolean isConnection = error instanceof ClosedConnectionException || error instanceof HeartbeatException;
    return isConnection ? again(retries) : RetryVerdict.RETHROW;
  }

  private static RetryVerdict again(int retries) {
    if (retries >= ATTEMPTS) return RetryVerdict.RETHROW;
    long reach = Math.min(CAP_MS, BASE_MS << Math.min(retries, 10));
    try {
      Thread.sleep(ThreadLocalRandom.current().nextLong(reach + 1));
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return RetryVerdict.RETHROW;
    }
    return RetryVerdict.RETRY_SAME;
  }
}
