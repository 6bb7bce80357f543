package keyspaces;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.spark.connector.cql.CassandraConnector;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;

/** Sessions with Amazon Keyspaces: the connector keeps one open for all tasks of an executor, by the settings of the job's driver profile. */
final class Sessions {
  private static volatile boolean wasOpen;

  private Sessions() {}

  /**
   * A session, which has to be closed. The job's first one is not waited for: an endpoint that cannot be reached then is most likely a
   * wrong one. From then on the service is known to be there, and to come back.
   */
  static CqlSession open() {
    SparkEnv spark = SparkEnv.get();
    boolean isFirst = "driver".equals(spark.executorId()) && !wasOpen;
    CassandraConnector connector = CassandraConnector.apply(spark.conf());
    CqlSession session =
        isFirst ? connector.openSession() : new Patience("connect to Amazon Keyspaces").get(() -> CompletableFuture.completedFuture(connector.openSession()));
    wasOpen = true;
    return session;
  }

  /** What is made of a session by who is going to close it, and will not be there to do so where that fails. */
  static <T> T orClose(CqlSession session, Supplier<T> made) {
    try {
      return made.get();
    } catch (RuntimeException | Error failure) {
      session.close();
      throw failure;
    }
  }

  /** Why no node can be asked: the driver tells that to its log alone, and a session of its own to the caller. */
  static String stateOfNodes() {
    SparkConf conf = SparkEnv.get().conf();
    try (CqlSession session = CassandraConnector.apply(conf).connectionFactory().createSession(CassandraConnector.apply(conf).conf())) {
      return "a new connection succeeds";
    } catch (Exception failure) {
      return "a new connection ends with " + Patience.textOf(failure);
    }
  }
}
