package keyspaces;

import com.datastax.oss.driver.api.core.ConsistencyLevel;
import com.datastax.oss.driver.api.core.context.DriverContext;
import com.datastax.oss.driver.api.core.retry.RetryVerdict;
import com.datastax.oss.driver.api.core.servererrors.WriteType;
import com.datastax.oss.driver.api.core.session.Request;
import com.datastax.oss.driver.internal.core.retry.DefaultRetryPolicy;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The driver's retry policy, but that a write that times out is made again after a pause: so Keyspaces throttles, and the rows that are
 * written here may be written twice. The pause holds up the connection it came from as well, which is what throttling asks for.
 */
public final class PatientWrites extends DefaultRetryPolicy {
  private static final int ATTEMPTS = 30;
  private static final long BASE_MS = 10;
  private static final long CAP_MS = 1000;

  public PatientWrites(DriverContext context, String profile) {
    super(context, profile);
  }

  @Override
  public RetryVerdict onWriteTimeoutVerdict(
      Request request, ConsistencyLevel level, WriteType type, int needed, int received, int retries) {
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
