"""What a program with PySpark and the Spark Cassandra Connector does with Keyspaces: see README.md. Its argument is the jar."""

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from decimal import Decimal

from py4j.protocol import Py4JJavaError
from pyspark.errors import AnalysisException
from pyspark.sql import SparkSession
from pyspark.sql.functions import expr

ATTEMPTS = 20
SOURCE = "org.apache.spark.sql.cassandra"
keyspace = os.environ["DRIVER_KEYSPACE"]
region = os.environ["AWS_REGION"]
folder = tempfile.mkdtemp(dir=os.environ["HOME"])


def truststore():
    keytool = os.path.join(os.environ["JAVA_HOME"], "bin", "keytool") if "JAVA_HOME" in os.environ else "keytool"
    path = os.path.join(folder, "trust.jks")
    subprocess.run(
        [keytool, "-importcert", "-noprompt", "-alias", "ca", "-file", os.environ["KEYSPACES_CA_FILE"]]
        + ["-keystore", path, "-storepass", "changeit"],
        check=True,
        capture_output=True,
    )
    return path


def profile():
    """The settings of the driver underneath, as AWS's samples have them; with them the connector's own are not looked at."""
    settings = {
        "basic": {
            "contact-points": [os.environ["KEYSPACES_ENDPOINT"]],
            "load-balancing-policy": {"local-datacenter": region, "slow-replica-avoidance": False},
            "request": {"consistency": "LOCAL_QUORUM", "default-idempotence": True, "timeout": "20 seconds"},
        },
        "advanced": {
            "auth-provider": {"class": "software.aws.mcs.auth.SigV4AuthProvider", "aws-region": region},
            "ssl-engine-factory": {
                "class": "DefaultSslEngineFactory",
                "truststore-path": truststore(),
                "truststore-password": "changeit",
            },
            "reconnection-policy": {"class": "ConstantReconnectionPolicy", "base-delay": "200 milliseconds"},
            "prepared-statements": {"prepare-on-all-nodes": False, "reprepare-on-up": {"enabled": False}},
            "control-connection": {"timeout": "20 seconds"},
            "metadata": {"schema": {"request-timeout": "20 seconds"}},
        },
    }
    path = os.path.join(folder, "keyspaces.conf")
    with open(path, "w", encoding="utf-8") as file:
        # HOCON reads JSON.
        json.dump({"datastax-java-driver": settings}, file)
    return path


def connect():
    global spark, session
    spark = (
        SparkSession.builder.appName("drivers")
        # A task that fails is done again, up to thirty times.
        .master("local[2,30]")
        .config("spark.jars", sys.argv[1])
        .config("spark.files", profile())
        .config("spark.cassandra.connection.config.profile.path", "keyspaces.conf")
        .config("spark.cassandra.connection.keepAliveMS", "100")
        .config("spark.cassandra.output.batch.size.rows", "1")
        .config("spark.cassandra.output.concurrent.writes", "3")
        .config("spark.sql.extensions", "com.datastax.spark.connector.CassandraSparkExtensions")
        .config("spark.sql.catalog.keyspaces", "com.datastax.spark.connector.datasource.CassandraCatalog")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.log.level", "ERROR")
        .getOrCreate()
    )
    connector = spark._jvm.com.datastax.spark.connector.cql.CassandraConnector.apply(spark._jsc.sc().getConf())
    session = connector.openSession()
    partition_by("org.apache.cassandra.dht.RandomPartitioner")
    # Tokens are looked at when a session begins, and the one there is lives a while longer.
    while not session.getMetadata().getTokenMap().isPresent():
        session.close()
        time.sleep(0.5)
        session = connector.openSession()
    return first("SELECT cluster_name FROM system.local")


def partition_by(partitioner):
    """Of the whole account: with that of a new one, the connector does not read."""
    session.execute(f"UPDATE system.local SET partitioner = '{partitioner}' WHERE key = 'local'")


def first(query):
    """The first text of the first row. Py4J finds no default methods of interfaces, which `one` and `getString` are."""
    rows = session.execute(query).iterator()
    if not rows.hasNext():
        return None
    return spark._jvm.java.nio.charset.StandardCharsets.UTF_8.decode(rows.next().getBytesUnsafe(0)).toString()


def until(query, wanted):
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        if first(query) == wanted:
            return
        time.sleep(0.05)
    raise TimeoutError(f"not {wanted} in time: {query}")


def define():
    session.execute(f"CREATE KEYSPACE {keyspace} WITH replication = {{'class': 'SingleRegionStrategy'}}")
    until(f"SELECT keyspace_name FROM system_schema_mcs.keyspaces WHERE keyspace_name = '{keyspace}'", keyspace)
    session.execute(f"CREATE TYPE {keyspace}.address (street text, zip int)")
    of_keyspace = f"WHERE keyspace_name = '{keyspace}'"
    until(f"SELECT status FROM system_schema_mcs.types {of_keyspace} AND type_name = 'address'", "ACTIVE")
    session.execute(
        f"CREATE TABLE {keyspace}.things (id int PRIMARY KEY, name text, tags set<text>, scores list<int>, "
        "amounts map<text, decimal>, home frozen<address>) WITH CUSTOM_PROPERTIES = {'ttl': {'status': 'enabled'}}"
    )
    columns = "(invoice STRING, line INT, price DECIMAL(10, 2))"
    keys = "PARTITIONED BY (invoice) TBLPROPERTIES (clustering_key = 'line.asc')"
    session.refreshSchema()
    try:
        spark.sql(f"CREATE TABLE keyspaces.{keyspace}.lines {columns} USING cassandra {keys}")
    except AnalysisException:
        # The catalog looks for its table at once, before it is ACTIVE.
        pass
    for name in ("lines", "things"):
        until(f"SELECT status FROM system_schema_mcs.tables {of_keyspace} AND table_name = '{name}'", "ACTIVE")
    session.refreshSchema()
    return "ACTIVE"


def schema():
    return " ".join(spark.table(f"keyspaces.{keyspace}.lines").columns)


def write(frame, table="lines", **options):
    settings = {name.replace("_", "."): value for name, value in options.items()}
    named = {name if name == "ttl" else f"spark.cassandra.output.{name}": value for name, value in settings.items()}
    frame.write.format(SOURCE).options(keyspace=keyspace, table=table, **named).mode("append").save()


def read(table="lines"):
    return spark.read.format(SOURCE).options(keyspace=keyspace, table=table).load()


def told(rows):
    total = sum((row.price for row in rows), Decimal(0)).quantize(Decimal("0.01"))
    return f"{len(rows)} rows, {total}"


def lines(invoice, count, price, parts=1):
    rows = spark.range(0, count, 1, parts)
    return rows.selectExpr(f"'{invoice}' AS invoice", "CAST(id AS INT) AS line", f"CAST({price} AS DECIMAL(10, 2)) AS price")


def of_invoice(invoice):
    return read().filter(f"invoice = '{invoice}'").collect()


def prepared():
    write(lines("prepared", 10, "2.95"))
    return told(of_invoice("prepared"))


def batch():
    for invoice in range(4):
        write(lines(f"batch{invoice}", 30, "0.25"), batch_size_rows="30")
    inserts = [f"INSERT INTO {keyspace}.lines (invoice, line, price) VALUES ('logged', {line}, 0.25);" for line in (0, 1)]
    session.execute(f"BEGIN BATCH {' '.join(inserts)} APPLY BATCH")
    return refusal(lambda: write(lines("many", 31, "0.25"), batch_size_rows="31"))


def pages():
    rows = spark.read.format(SOURCE).options(keyspace=keyspace, table="lines").option("spark.cassandra.input.fetch.sizeInRows", "7")
    return told(rows.load().filter("line < 1000").collect())


def types():
    columns = (
        "SELECT 1 AS id, 'one' AS name, array('b', 'a') AS tags, array(3, 1, 2) AS scores, "
        "map('x', CAST(1.5 AS DECIMAL(10, 1))) AS amounts, named_struct('street', 'Main St', 'zip', 8000) AS home"
    )
    write(spark.sql(columns), "things")
    [one] = read("things").filter("id = 1").collect()
    scores = " ".join(map(str, one.scores))
    amount = one.amounts["x"].quantize(Decimal("0.1"))
    return f"[{' '.join(one.tags)}] [{scores}] x={amount} {one.home.street} {one.home.zip}"


def named(number, name):
    return spark.sql(f"SELECT {number} AS id, '{name}' AS name")


def name_of(number):
    [row] = read("things").filter(f"id = {number}").select("name").collect()
    return row.name


def lwt():
    seen = []
    for name in ("two", "other"):
        write(named(2, name), "things", ifNotExists="true")
        seen.append(name_of(2))
    change = f"UPDATE {keyspace}.things SET name = 'zwei' WHERE id = 2 IF name = 'two'"
    third = session.execute(change).wasApplied()
    applied = [seen[0] == "two", seen[1] == "other", third]
    return f"{str(applied[0]).lower()} {str(applied[1]).lower()} {seen[1]} {str(applied[2]).lower()}"


def ttl():
    write(named(3, "three"), "things", ttl="1000")
    [row] = read("things").filter("id = 3").select(expr("ttl(name)").alias("left")).collect()
    text = refusal(lambda: write(lines("x", 1, "1"), ttl="1000"))
    return f"{str(900 < row.left <= 1000).lower()}: {text}"


def refused():
    one = refusal(lambda: write(lines("x", 1, "1"), consistency_level="ONE"))
    return f"{one}; {refusal(lambda: read().count())}"


def refusal(work):
    """The server's text, out of the connector's."""
    try:
        work()
    except Py4JJavaError as error:
        found = re.search(r"(?:^|Exception: )\s*([^\n]*\[KL-[A-Z-]+\])", causes_of(error.java_exception), re.MULTILINE)
        if not found:
            raise
        text = found.group(1).split("Exception: ")[-1]
        return re.sub(r"^Exception during preparation of .* ALLOW FILTERING: ", "", text)
    raise AssertionError("not refused")


def causes_of(exception):
    texts = []
    while exception is not None:
        texts.append(exception.toString())
        exception = exception.getCause()
    return "\n".join(texts)


def patiently(job):
    """Tasks are done again by Spark; what its driver asks for itself is not."""
    for _ in range(ATTEMPTS):
        try:
            return job()
        except Py4JJavaError as error:
            last = error
            time.sleep(0.5)
    raise last


def written(invoice):
    patiently(lambda: write(lines(invoice, 100, "1", parts=50)))
    return patiently(lambda: told(of_invoice(invoice)))


steps = {
    "connect": connect,
    "define": define,
    "schema": schema,
    "prepared": prepared,
    "batch": batch,
    "pages": pages,
    "types": types,
    "lwt": lwt,
    "ttl": ttl,
    "refused": refused,
    "lost": lambda: written("lost"),
    "throttled": lambda: written("throttled"),
}
for line in sys.stdin:
    name = line.strip()
    try:
        report = {"step": name, "ok": True, "detail": steps[name]()}
    except Exception as error:
        text = causes_of(error.java_exception) if isinstance(error, Py4JJavaError) else str(error)
        report = {"step": name, "ok": False, "detail": f"{type(error).__name__}: {text}"}
    print(json.dumps(report), flush=True)
partition_by("com.amazonaws.cassandra.DefaultPartitioner")
spark.stop()
