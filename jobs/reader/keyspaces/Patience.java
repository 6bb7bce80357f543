package keyspaces;

import com.datastax.oss.driver.api.core.AllNodesFailedException;
import com.datastax.oss.driver.api.core.DriverTimeoutException;
import com.datastax.oss.driver.api.core.NodeUnavailableException;
import com.datastax.oss.driver.api.core.auth.AuthenticationException;
import com.datastax.oss.driver.api.core.connection.BusyConnectionException;
import com.datastax.oss.driver.api.core.connection.ClosedConnectionException;
import com.datastax.oss.driver.api.core.connection.HeartbeatException;
import com.datastax.oss.driver.api.core.servererrors.QueryExecutionException;
import com.datastax.oss.driver.api.core.servererrors.QueryValidationException;
import com.datastax.oss.driver.api.core.servererrors.ServerError;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;

/**
 * Makes an idempotent request until it succeeds, pausing a random time that doubles in reach with each attempt. Keyspaces throttles by
 * timeouts, and the driver's own retries do not wait.
 *
 * @see <a href="https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/">Exponential backoff and jitter</a>
 */
final class Patience {
  private static final Duration DEADLINE = Duration.ofMinutes(2);
  private static final long BASE_MS = 50;
  private static final long CAP_MS = 5000;

  <T> T get(Supplier<CompletionStage<? extends T>> request) {
    long start = System.nanoTime();
    for (int attempt = 0; ; attempt++) {
      Throwable failure;
      try {
        return request.get().toCompletableFuture().get();
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted while reading", interrupted);
      } catch (ExecutionException wrapped) {
        failure = wrapped.getCause();
      } catch (RuntimeException thrown) {
        failure = thrown;
      }
      Duration elapsed = Duration.ofNanos(System.nanoTime() - start);
      if (!mayPass(failure)) throw new IllegalStateException(textOf(failure), failure);
      if (elapsed.compareTo(DEADLINE) > 0) {
        String tried = "no answer from Amazon Keyspaces within " + elapsed.toSeconds() + " s; after " + (attempt + 1) + " attempts it was still: ";
        throw new IllegalStateException(tried + textOf(failure), failure);
      }
      pause(ThreadLocalRandom.current().nextLong(Math.min(CAP_MS, BASE_MS << Math.min(attempt, 10)) + 1));
    }
  }

  /** Whether the same request may succeed later. */
  private static boolean mayPass(Throwable failure) {
    if (failure instanceof AllNodesFailedException all) {
      return all.getAllErrors().values().stream().flatMap(List::stream).allMatch(Patience::mayPass);
    }
    if (failure instanceof AuthenticationException || failure instanceof QueryValidationException) return false;
    return failure instanceof QueryExecutionException
        || failure instanceof ServerError
        || failure instanceof DriverTimeoutException
        || failure instanceof NodeUnavailableException
        || failure instanceof BusyConnectionException
        || failure instanceof ClosedConnectionException
        || failure instanceof HeartbeatException;
  }

  private static String textOf(Throwable failure) {
    return failure.getClass().getSimpleName() + ": " + failure.getMessage();
  }

  private static void pause(long ms) {
    try {
      Thread.sleep(ms);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while reading", interrupted);
    }
  }
}
