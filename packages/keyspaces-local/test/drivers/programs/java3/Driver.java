import com.datastax.driver.core.BatchStatement;
import com.datastax.driver.core.Cluster;
import com.datastax.driver.core.ColumnMetadata;
import com.datastax.driver.core.ConsistencyLevel;
import com.datastax.driver.core.PreparedStatement;
import com.datastax.driver.core.QueryOptions;
import com.datastax.driver.core.RemoteEndpointAwareJdkSSLOptions;
import com.datastax.driver.core.ResultSet;
import com.datastax.driver.core.Row;
import com.datastax.driver.core.Session;
import com.datastax.driver.core.SimpleStatement;
import com.datastax.driver.core.SocketOptions;
import com.datastax.driver.core.Statement;
import com.datastax.driver.core.UDTValue;
import com.datastax.driver.core.UserType;
import com.datastax.driver.core.exceptions.DriverException;
import com.datastax.driver.core.exceptions.InvalidQueryException;
import com.datastax.driver.core.policies.ConstantReconnectionPolicy;
import com.datastax.driver.core.policies.DCAwareRoundRobinPolicy;
import java.io.InputStream;
import java.math.BigDecimal;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Instant;
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

/** What a program with DataStax's Java driver 3 and AWS's plugin does with Keyspaces: see README.md. */
public final class Driver {
  private static final int ATTEMPTS = 20;
  private static final String KEYSPACE = System.getenv("DRIVER_KEYSPACE");
  private static Cluster cluster;
  private static Session session;

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
    if (cluster != null) cluster.close();
  }

  private static String connect() throws Exception {
    String region = System.getenv("AWS_REGION");
    String[] endpoint = System.getenv("KEYSPACES_ENDPOINT").split(":");
    cluster =
        Cluster.builder()
            .addContactPoint(endpoint[0])
            .withPort(Integer.parseInt(endpoint[1]))
            .withAuthProvider(new SigV4AuthProvider(region))
            .withSSL(
                RemoteEndpointAwareJdkSSLOptions.builder()
                    .withSSLContext(trusting(System.getenv("KEYSPACES_CA_FILE")))
                    .build())
            .withLoadBalancingPolicy(DCAwareRoundRobinPolicy.builder().withLocalDc(region).build())
            .withReconnectionPolicy(new ConstantReconnectionPolicy(200))
            .withSocketOptions(new SocketOptions().setReadTimeoutMillis(20_000))
            .withQueryOptions(new QueryOptions().setConsistencyLevel(ConsistencyLevel.LOCAL_QUORUM))
            .build();
    session = cluster.connect();
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
    return cluster.getMetadata().getKeyspace(KEYSPACE).getTable("lines").getColumns().stream()
        .map(ColumnMetadata::getName)
        .collect(Collectors.joining(" "));
  }

  private static PreparedStatement insert() {
    return session.prepare("INSERT INTO " + KEYSPACE + ".lines (invoice, line, price) VALUES (?, ?, ?)");
  }

  private static String told(ResultSet rows) {
    int count = 0;
    BigDecimal sum = new BigDecimal("0.00");
    for (Row row : rows) {
      count++;
      sum = sum.add(row.getDecimal("price"));
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

  private static BatchStatement batchOf(BatchStatement.Type type, String invoice, int lines) {
    BatchStatement batch = new BatchStatement(type);
    PreparedStatement insert = insert();
    for (int line = 0; line < lines; line++) batch.add(insert.bind(invoice, line, new BigDecimal("0.25")));
    return batch;
  }

  private static String batch() {
    for (int invoice = 0; invoice < 4; invoice++) {
      session.execute(batchOf(BatchStatement.Type.UNLOGGED, "batch" + invoice, 30));
    }
    session.execute(batchOf(BatchStatement.Type.LOGGED, "logged", 2));
    return refusal(batchOf(BatchStatement.Type.UNLOGGED, "many", 31));
  }

  private static String pages() {
    String query = "SELECT invoice, line, price FROM " + KEYSPACE + ".lines WHERE line < 1000 ALLOW FILTERING";
    return told(session.execute(new SimpleStatement(query).setFetchSize(7)));
  }

  private static String types() {
    String query =
        "INSERT INTO " + KEYSPACE + ".things (id, name, tags, scores, amounts, home) VALUES (?, ?, ?, ?, ?, ?)";
    PreparedStatement insert = session.prepare(query);
    UserType address = (UserType) insert.getVariables().getType("home");
    UDTValue home = address.newValue().setString("street", "Main St").setInt("zip", 8000);
    Map<String, BigDecimal> amounts = Map.of("x", new BigDecimal("1.5"));
    session.execute(insert.bind(1, "one", Set.of("b", "a"), List.of(3, 1, 2), amounts, home));
    Row row = session.execute("SELECT * FROM " + KEYSPACE + ".things WHERE id = 1").one();
    String tags = String.join(" ", new TreeSet<>(row.getSet("tags", String.class)));
    String scores = row.getList("scores", Integer.class).stream().map(String::valueOf).collect(Collectors.joining(" "));
    UDTValue read = row.getUDTValue("home");
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
    String seen = second.one().getString("name");
    return first.wasApplied() + " " + second.wasApplied() + " " + seen + " " + third.wasApplied();
  }

  private static String ttl() {
    session.execute("INSERT INTO " + KEYSPACE + ".things (id, name) VALUES (3, 'three') USING TTL 1000");
    int left = session.execute("SELECT ttl(name) FROM " + KEYSPACE + ".things WHERE id = 3").one().getInt(0);
    String write = "INSERT INTO " + KEYSPACE + ".lines (invoice, line) VALUES ('x', 1) USING TTL 1000";
    return (left > 900 && left <= 1000) + ": " + refusal(new SimpleStatement(write));
  }

  private static String refused() {
    String write = "INSERT INTO " + KEYSPACE + ".lines (invoice, line) VALUES ('x', 1)";
    String one = refusal(new SimpleStatement(write).setConsistencyLevel(ConsistencyLevel.ONE));
    return one + "; " + refusal(new SimpleStatement("SELECT count(*) FROM " + KEYSPACE + ".lines"));
  }

  private static String refusal(Statement statement) {
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
