package keyspaces;

import com.datastax.oss.driver.api.core.AllNodesFailedException;
import com.datastax.oss.driver.api.core.DriverException;
import com.datastax.oss.driver.api.core.InvalidKeyspaceException;
import com.datastax.oss.driver.api.core.NoNodeAvailableException;
import com.datastax.oss.driver.api.core.auth.AuthenticationException;
import com.datastax.oss.driver.api.core.servererrors.ProtocolError;
import com.datastax.oss.driver.api.core.servererrors.QueryValidationException;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.spark.SparkEnv;

/**
 * Makes an idempotent request until it succeeds, pausing a random time that doubles in reach with each attempt. Keyspaces throttles by
 * timeouts, and may end all connections at once; the driver's own retries do not wait.
 *
 * @see <a href="https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/">Exponential backoff and jitter</a>
 */
final class Patience {
  /** How long, as Spark writes durations. */
  private static final String DEADLINE = "spark.keyspaces.patience";

  private static final String DEFAULT_DEADLINE = "5min";
  private static final long BASE_MS = 50;
  private static final long CAP_MS = 5000;

  private final String tried;

  /** @param tried what the requests are for, as a failure is to begin: "read shop.orders" */
  Patience(String tried) {
    this.tried = tried;
  }

  <T> T get(Supplier<CompletionStage<? extends T>> request) {
    return get(request, request);
  }

  /** Of a request that has failed once. */
  <T> T getAfter(Throwable failure, Supplier<CompletionStage<? extends T>> request) {
    return get(() -> CompletableFuture.failedFuture(failure), request);
  }

  private <T> T get(Supplier<CompletionStage<? extends T>> first, Supplier<CompletionStage<? extends T>> further) {
    Duration deadline = Duration.ofMillis(SparkEnv.get().conf().getTimeAsMs(DEADLINE, DEFAULT_DEADLINE));
    long start = System.nanoTime();
    for (int attempt = 0; ; attempt++) {
      Throwable failure;
      try {
        return (attempt == 0 ? first : further).get().toCompletableFuture().get();
      } catch (InterruptedException interrupted) {
        throw interrupted(interrupted);
      } catch (ExecutionException wrapped) {
        failure = wrapped.getCause();
      } catch (Exception thrown) {
        failure = thrown;
      }
      if (!mayPass(failure)) throw because(textOf(failure), failure);
      Duration elapsed = Duration.ofNanos(System.nanoTime() - start);
      if (elapsed.compareTo(deadline) > 0) {
        String within = "no answer from Amazon Keyspaces within " + elapsed.toSeconds() + " s; after " + (attempt + 1) + " attempts it was still: ";
        String state = failure instanceof NoNodeAvailableException ? ", and " + Sessions.stateOfNodes() : "";
        throw because(within + textOf(failure) + state, failure);
      }
      pause(ThreadLocalRandom.current().nextLong(Math.min(CAP_MS, BASE_MS << Math.min(attempt, 10)) + 1));
    }
  }

  /** Whether the same request may succeed later: what the driver or the network says, unless it will be said again. */
  private static boolean mayPass(Throwable failure) {
    return causes(failure).anyMatch(cause -> cause instanceof DriverException || cause instanceof IOException) && !isLasting(failure);
  }

  private static boolean isLasting(Throwable failure) {
    return causes(failure)
        .anyMatch(
            cause ->
                cause instanceof AuthenticationException
                    || cause instanceof QueryValidationException
                    || cause instanceof InvalidKeyspaceException
                    || cause instanceof ProtocolError
                    // Of certificates.
                    || cause instanceof GeneralSecurityException
                    || errorsOf(cause).anyMatch(Patience::isLasting));
  }

  private static Stream<Throwable> causes(Throwable failure) {
    return Stream.iterate(failure, cause -> cause != null, Throwable::getCause);
  }

  private static Stream<Throwable> errorsOf(Throwable failure) {
    return failure instanceof AllNodesFailedException all ? all.getAllErrors().values().stream().flatMap(List::stream) : Stream.empty();
  }

  /** In one line, of what lies deepest: that no node answered is not why. */
  static String textOf(Throwable failure) {
    Throwable last = failure;
    for (Throwable next = failure; next != null; next = errorsOf(last).reduce((a, b) -> b).orElse(last.getCause())) last = next;
    return last.getClass().getSimpleName() + ": " + last.getMessage();
  }

  /** The text says what the failure was, and is what is read: a cause would be taken for the reason in its place. */
  private IllegalStateException because(String text, Throwable failure) {
    IllegalStateException reason = new IllegalStateException(tried + ": " + text);
    reason.addSuppressed(failure);
    return reason;
  }

  private static void pause(long ms) {
    try {
      Thread.sleep(ms);
    } catch (InterruptedException interrupted) {
      throw interrupted(interrupted);
    }
  }

  private static IllegalStateException interrupted(InterruptedException interrupted) {
    Thread.currentThread().interrupt();
    return new IllegalStateException("interrupted while waiting for Amazon Keyspaces", interrupted);
  }
}
