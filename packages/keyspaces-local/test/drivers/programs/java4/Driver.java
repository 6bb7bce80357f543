import com.datastax.oss.driver.api.core.ConsistencyLevel;
import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.DriverException;
import com.datastax.oss.driver.api.core.config.DefaultDriverOption;
import com.datastax.oss.driver.api.core.config.DriverConfigLoader;
import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.cql.BatchStatement;
import com.datastax.oss.driver.api.core.cql.BatchStatementBuilder;
import com.datastax.oss.driver.api.core.cql.DefaultBatchType;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.ResultSet;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import com.datastax.oss.driver.api.core.cql.Statement;
import com.datastax.oss.driver.api.core.data.UdtValue;
import com.datastax.oss.driver.api.core.servererrors.InvalidQueryException;
import com.datastax.oss.driver.api.core.ssl.ProgrammaticSslEngineFactory;
import com.datastax.oss.driver.api.core.type.UserDefinedType;
import java.io.InputStream;
import java.math.BigDecimal;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Scanner;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import software.aws.mcs.auth.SigV4AuthProvider;

/** What a program with DataStax's Java driver 4 and AWS's plugin does with Keyspaces: see README.md. */
public final class Driver {
  private static final int ATTEMPTS = 20;
  private static final String KEYSPACE = System.getenv("DRIVER_KEYSPACE");
  private static CqlSession session;

  public static void main(String[] args) {
    Map<String, Callable<String>> steps = new LinkedHashMap<>();
    steps.put("connect", Driver::connect);
    steps.put("define", Driver::define);
    steps.put("schema", Driver::schema);
    steps.put("prepared", Driver::prepared);
    steps.put("batch", Driver::batch);
    steps.put("pages", Driver::pages);
    steps.put("types", Driver::types);
    steps.put("lwt", Driver::lwt);
    steps.put("ttl", Driver::ttl);
    steps.put("refused", Driver::refused);
    steps.put("lost", () -> written("lost"));
    steps.put("throttled", () -> written("throttled"));
    Scanner in = new Scanner(System.in);
    while (in.hasNextLine()) {
      String step = in.nextLine();
      String detail;
      boolean ok = true;
      try {
        detail = steps.get(step).call();
      } catch (Exception error) {
        detail = error.toString();
        ok = false;
      }
      String quoted = detail.replace("\\", "\\\\").replace("\"", "\\\"").replaceAll("\\s", " ");
      System.out.println("{\"step\":\"" + step + "\",\"ok\":" + ok + ",\"detail\":\"" + quoted + "\"}");
    }
    if (session != null) session.close();
  }

  private static String connect() throws Exception {
    String region = System.getenv("AWS_REGION");
    String[] endpoint = System.getenv("KEYSPACES_ENDPOINT").split(":");
    DriverConfigLoader config =
        DriverConfigLoader.programmaticBuilder()
            .withString(DefaultDriverOption.REQUEST_CONSISTENCY, "LOCAL_QUORUM")
            .withDuration(DefaultDriverOption.REQUEST_TIMEOUT, Duration.ofSeconds(20))
            .withDuration(DefaultDriverOption.CONNECTION_INIT_QUERY_TIMEOUT, Duration.ofSeconds(20))
            .withDuration(DefaultDriverOption.CONTROL_CONNECTION_TIMEOUT, Duration.ofSeconds(20))
            .withDuration(DefaultDriverOption.RECONNECTION_BASE_DELAY, Duration.ofMillis(100))
            .withDuration(DefaultDriverOption.RECONNECTION_MAX_DELAY, Duration.ofSeconds(1))
            .build();
    session =
        CqlSession.builder()
            .withConfigLoader(config)
            .withAuthProvider(new SigV4AuthProvider(region))
            .withSslEngineFactory(
                new ProgrammaticSslEngineFactory(trusting(System.getenv("KEYSPACES_CA_FILE")), null, true))
            .addContactPoint(new InetSocketAddress(endpoint[0], Integer.parseInt(endpoint[1])))
            .withLocalDatacenter(region)
            .build();
    return session.execute("SELECT cluster_name FROM system.local").one().getString(0);
  }

  /** Trusts this authority and no other. */
  private static SSLContext trusting(String caFile) throws Exception {
    KeyStore authorities = KeyStore.getInstance(KeyStore.getDefaultType());
    authorities.load(null, null);
    try (InputStream file = Files.newInputStream(Path.of(caFile))) {
      authorities.setCertificateEntry("ca", CertificateFactory.getInstance("X.509").generateCertificate(file));
    }
    TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(authorities);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }

  private static void until(String query, String wanted, Object... values) throws InterruptedException {
    Instant deadline = Instant.now().plusSeconds(30);
    while (Instant.now().isBefore(deadline)) {
      Row row = session.execute(query, values).one();
      if (row != null && wanted.equals(row.getString(0))) return;
      Thread.sleep(50);
    }
    throw new IllegalStateException("not " + wanted + " in time: " + query);
  }

  private static String define() throws Exception {
    session.execute("CREATE KEYSPACE " + KEYSPACE + " WITH replication = {'class': 'SingleRegionStrategy'}");
    until("SELECT keyspace_name FROM system_schema_mcs.keyspaces WHERE keyspace_name = ?", KEYSPACE, KEYSPACE);
    session.execute("CREATE TYPE " + KEYSPACE + ".address (street text, zip int)");
    until(
        "SELECT status FROM system_schema_mcs.types WHERE keyspace_name = ? AND type_name = 'address'",
        "ACTIVE",
        KEYSPACE);
    session.execute(
        "CREATE TABLE " + KEYSPACE + ".lines (invoice text, line int, price decimal, PRIMARY KEY (invoice, line))");
    session.execute(
        "CREATE TABLE "
            + KEYSPACE
            + ".things (id int PRIMARY KEY, name text, tags set<text>, scores list<int>, amounts map<text, decimal>,"
            + " home frozen<address>) WITH CUSTOM_PROPERTIES = {'ttl': {'status': 'enabled'}}");
    String status = "SELECT status FROM system_schema_mcs.tables WHERE keyspace_name = ? AND table_name = ?";
    for (String table : List.of("lines", "things")) until(status, "ACTIVE", KEYSPACE, table);
    return "ACTIVE";
  }

  private static String schema() {
    return session.refreshSchema().getKeyspace(KEYSPACE).orElseThrow().getTable("lines").orElseThrow().getColumns()
        .keySet().stream()
        .map(Object::toString)
        .collect(Collectors.joining(" "));
  }

  private static PreparedStatement insert() {
    return session.prepare("INSERT INTO " + KEYSPACE + ".lines (invoice, line, price) VALUES (?, ?, ?)");
  }

  private static String told(Iterable<Row> rows) {
    int count = 0;
    BigDecimal sum = new BigDecimal("0.00");
    for (Row row : rows) {
      count++;
      sum = sum.add(row.getBigDecimal("price"));
    }
    return count + " rows, " + sum.toPlainString();
  }

  private static ResultSet ofInvoice(String invoice) {
    String query = "SELECT invoice, line, price FROM " + KEYSPACE + ".lines WHERE invoice = ?";
    return session.execute(session.prepare(query).bind(invoice));
  }

  private static String prepared() {
    PreparedStatement insert = insert();
    for (int line = 0; line < 10; line++) session.execute(insert.bind("prepared", line, new BigDecimal("2.95")));
    return told(ofInvoice("prepared"));
  }

  private static BatchStatement batchOf(DefaultBatchType type, String invoice, int lines) {
    BatchStatementBuilder batch = BatchStatement.builder(type);
    PreparedStatement insert = insert();
    for (int line = 0; line < lines; line++) batch.addStatement(insert.bind(invoice, line, new BigDecimal("0.25")));
    return batch.build();
  }

  private static String batch() {
    for (int invoice = 0; invoice < 4; invoice++) {
      session.execute(batchOf(DefaultBatchType.UNLOGGED, "batch" + invoice, 30));
    }
    session.execute(batchOf(DefaultBatchType.LOGGED, "logged", 2));
    return refusal(batchOf(DefaultBatchType.UNLOGGED, "many", 31));
  }

  /** Page by page: the driver's own way from row to row, `for (Row row : resultSet)`, ends at the first empty page. */
  private static String pages() throws Exception {
    String query = "SELECT invoice, line, price FROM " + KEYSPACE + ".lines WHERE line < 1000 ALLOW FILTERING";
    SimpleStatement select = SimpleStatement.newInstance(query).setPageSize(7);
    List<Row> rows = new ArrayList<>();
    AsyncResultSet page = session.executeAsync(select).toCompletableFuture().get();
    for (; ; page = page.fetchNextPage().toCompletableFuture().get()) {
      page.currentPage().forEach(rows::add);
      if (!page.hasMorePages()) return told(rows);
    }
  }

  private static String types() {
    String query =
        "INSERT INTO " + KEYSPACE + ".things (id, name, tags, scores, amounts, home) VALUES (?, ?, ?, ?, ?, ?)";
    PreparedStatement insert = session.prepare(query);
    UdtValue home =
        ((UserDefinedType) insert.getVariableDefinitions().get("home").getType())
            .newValue("Main St", 8000);
    Map<String, BigDecimal> amounts = Map.of("x", new BigDecimal("1.5"));
    session.execute(insert.bind(1, "one", Set.of("b", "a"), List.of(3, 1, 2), amounts, home));
    Row row = session.execute("SELECT * FROM " + KEYSPACE + ".things WHERE id = 1").one();
    String tags = String.join(" ", new TreeSet<>(row.getSet("tags", String.class)));
    String scores = row.getList("scores", Integer.class).stream().map(String::valueOf).collect(Collectors.joining(" "));
    UdtValue read = row.getUdtValue("home");
    BigDecimal amount = row.getMap("amounts", String.class, BigDecimal.class).get("x");
    return "[" + tags + "] [" + scores + "] x=" + amount + " " + read.getString("street") + " " + read.getInt("zip");
  }

  private static String lwt() {
    PreparedStatement insert =
        session.prepare("INSERT INTO " + KEYSPACE + ".things (id, name) VALUES (?, ?) IF NOT EXISTS");
    ResultSet first = session.execute(insert.bind(2, "two"));
    ResultSet second = session.execute(insert.bind(2, "other"));
    PreparedStatement change =
        session.prepare("UPDATE " + KEYSPACE + ".things SET name = ? WHERE id = ? IF name = ?");
    ResultSet third = session.execute(change.bind("zwei", 2, "two"));
    // Before any row is taken, which is when the driver still knows.
    boolean again = second.wasApplied();
    return first.wasApplied() + " " + again + " " + second.one().getString("name") + " " + third.wasApplied();
  }

  private static String ttl() {
    session.execute("INSERT INTO " + KEYSPACE + ".things (id, name) VALUES (3, 'three') USING TTL 1000");
    int left = session.execute("SELECT ttl(name) FROM " + KEYSPACE + ".things WHERE id = 3").one().getInt(0);
    String write = "INSERT INTO " + KEYSPACE + ".lines (invoice, line) VALUES ('x', 1) USING TTL 1000";
    return (left > 900 && left <= 1000) + ": " + refusal(SimpleStatement.newInstance(write));
  }

  private static String refused() {
    String write = "INSERT INTO " + KEYSPACE + ".lines (invoice, line) VALUES ('x', 1)";
    String one = refusal(SimpleStatement.newInstance(write).setConsistencyLevel(ConsistencyLevel.ONE));
    return one + "; " + refusal(SimpleStatement.newInstance("SELECT count(*) FROM " + KEYSPACE + ".lines"));
  }

  private static String refusal(Statement<?> statement) {
    try {
      session.execute(statement);
    } catch (InvalidQueryException error) {
      return error.getMessage();
    }
    throw new IllegalStateException("not refused");
  }

  /** The driver's retry policy cannot wait, so a program has to. */
  private static <T> T patiently(Callable<T> work) throws Exception {
    for (int attempt = 1; ; attempt++) {
      try {
        return work.call();
      } catch (DriverException error) {
        if (attempt == ATTEMPTS) throw error;
      }
      Thread.sleep(Math.min(20L << attempt, 500));
    }
  }

  private static String written(String invoice) throws Exception {
    PreparedStatement insert = patiently(Driver::insert);
    for (int line = 0; line < 100; line++) {
      int each = line;
      patiently(() -> session.execute(insert.bind(invoice, each, BigDecimal.ONE).setIdempotent(true)));
    }
    return patiently(() -> told(ofInvoice(invoice)));
  }
}
