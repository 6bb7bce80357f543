"""What a program with DataStax's Python driver and AWS's plugin does with Keyspaces: see README.md."""

import json
import os
import ssl
import sys
import time
from collections import namedtuple
from decimal import Decimal

import boto3
from cassandra import ConsistencyLevel, InvalidRequest, OperationTimedOut, RequestExecutionException
from cassandra.cluster import EXEC_PROFILE_DEFAULT, Cluster, ExecutionProfile, NoHostAvailable
from cassandra.connection import ConnectionException
from cassandra.policies import DCAwareRoundRobinPolicy, ConstantReconnectionPolicy
from cassandra.query import BatchStatement, BatchType, SimpleStatement
from cassandra_sigv4.auth import SigV4AuthProvider

ATTEMPTS = 20
keyspace = os.environ["DRIVER_KEYSPACE"]
Address = namedtuple("Address", ["street", "zip"])


def connected():
    global cluster, session
    host, port = os.environ["KEYSPACES_ENDPOINT"].split(":")
    aws = boto3.Session()
    profile = ExecutionProfile(
        load_balancing_policy=DCAwareRoundRobinPolicy(local_dc=aws.region_name),
        consistency_level=ConsistencyLevel.LOCAL_QUORUM,
    )
    cluster = Cluster(
        [host],
        port=int(port),
        ssl_context=ssl.create_default_context(cafile=os.environ["KEYSPACES_CA_FILE"]),
        ssl_options={"server_hostname": "localhost"},
        auth_provider=SigV4AuthProvider(aws),
        reconnection_policy=ConstantReconnectionPolicy(0.2, max_attempts=None),
        execution_profiles={EXEC_PROFILE_DEFAULT: profile},
    )
    session = cluster.connect()


def connect():
    # The plugin rounds the last half of a millisecond up to 1000, which is no time that any service would take.
    try:
        connected()
    except NoHostAvailable:
        connected()
    return session.execute("SELECT cluster_name FROM system.local").one()[0]


def until(query, values, wanted):
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        row = session.execute(query, values).one()
        if row is not None and row[0] == wanted:
            return
        time.sleep(0.05)
    raise TimeoutError(f"not {wanted} in time: {query}")


def define():
    session.execute(f"CREATE KEYSPACE {keyspace} WITH replication = {{'class': 'SingleRegionStrategy'}}")
    until("SELECT keyspace_name FROM system_schema_mcs.keyspaces WHERE keyspace_name = %s", [keyspace], keyspace)
    session.execute(f"CREATE TYPE {keyspace}.address (street text, zip int)")
    status = "SELECT status FROM system_schema_mcs.types WHERE keyspace_name = %s AND type_name = 'address'"
    until(status, [keyspace], "ACTIVE")
    tables = {
        "lines": "(invoice text, line int, price decimal, PRIMARY KEY (invoice, line))",
        "things": "(id int PRIMARY KEY, name text, tags set<text>, scores list<int>, amounts map<text, decimal>, "
        "home frozen<address>) WITH CUSTOM_PROPERTIES = {'ttl': {'status': 'enabled'}}",
    }
    for name, definition in tables.items():
        session.execute(f"CREATE TABLE {keyspace}.{name} {definition}")
    for name in tables:
        status = "SELECT status FROM system_schema_mcs.tables WHERE keyspace_name = %s AND table_name = %s"
        until(status, [keyspace, name], "ACTIVE")
    return "ACTIVE"


def schema():
    cluster.refresh_schema_metadata()
    return " ".join(cluster.metadata.keyspaces[keyspace].tables["lines"].columns)


def insert():
    return session.prepare(f"INSERT INTO {keyspace}.lines (invoice, line, price) VALUES (?, ?, ?)")


def told(rows):
    prices = [row.price for row in rows]
    return f"{len(prices)} rows, {sum(prices, Decimal('0.00'))}"


def of_invoice():
    return session.prepare(f"SELECT invoice, line, price FROM {keyspace}.lines WHERE invoice = ?")


def prepared():
    statement = insert()
    for line in range(10):
        session.execute(statement, ["prepared", line, Decimal("2.95")])
    return told(session.execute(of_invoice(), ["prepared"]))


def batch_of(kind, invoice, lines):
    batch = BatchStatement(batch_type=kind)
    statement = insert()
    for line in range(lines):
        batch.add(statement, [invoice, line, Decimal("0.25")])
    return batch


def batch():
    for invoice in range(4):
        session.execute(batch_of(BatchType.UNLOGGED, f"batch{invoice}", 30))
    session.execute(batch_of(BatchType.LOGGED, "logged", 2))
    return refusal(batch_of(BatchType.UNLOGGED, "many", 31))


def pages():
    query = f"SELECT invoice, line, price FROM {keyspace}.lines WHERE line < 1000 ALLOW FILTERING"
    return told(session.execute(SimpleStatement(query, fetch_size=7)))


def types():
    cluster.register_user_type(keyspace, "address", Address)
    query = f"INSERT INTO {keyspace}.things (id, name, tags, scores, amounts, home) VALUES (?, ?, ?, ?, ?, ?)"
    values = [1, "one", {"b", "a"}, [3, 1, 2], {"x": Decimal("1.5")}, Address("Main St", 8000)]
    session.execute(session.prepare(query), values)
    row = session.execute(f"SELECT tags, scores, amounts, home FROM {keyspace}.things WHERE id = 1").one()
    scores = " ".join(map(str, row.scores))
    return f"[{' '.join(row.tags)}] [{scores}] x={row.amounts['x']} {row.home.street} {row.home.zip}"


def lwt():
    statement = session.prepare(f"INSERT INTO {keyspace}.things (id, name) VALUES (?, ?) IF NOT EXISTS")
    first = session.execute(statement, [2, "two"])
    second = session.execute(statement, [2, "other"])
    change = session.prepare(f"UPDATE {keyspace}.things SET name = ? WHERE id = ? IF name = ?")
    third = session.execute(change, ["zwei", 2, "two"])
    seen = second.one().name
    applied = [str(result.was_applied).lower() for result in (first, second, third)]
    return f"{applied[0]} {applied[1]} {seen} {applied[2]}"


def ttl():
    session.execute(f"INSERT INTO {keyspace}.things (id, name) VALUES (3, 'three') USING TTL 1000")
    left = session.execute(f"SELECT ttl(name) FROM {keyspace}.things WHERE id = 3").one()[0]
    text = refusal(SimpleStatement(f"INSERT INTO {keyspace}.lines (invoice, line) VALUES ('x', 1) USING TTL 1000"))
    return f"{str(900 < left <= 1000).lower()}: {text}"


def refused():
    one = f"INSERT INTO {keyspace}.lines (invoice, line) VALUES ('x', 1)"
    count = f"SELECT count(*) FROM {keyspace}.lines"
    texts = [
        refusal(SimpleStatement(one, consistency_level=ConsistencyLevel.ONE)),
        refusal(SimpleStatement(count)),
    ]
    return "; ".join(texts)


def refusal(statement):
    """The server's text, out of the driver's."""
    try:
        session.execute(statement)
    except InvalidRequest as error:
        return str(error).split('message="', 1)[1].removesuffix('"')
    raise AssertionError("not refused")


def patiently(work):
    """The driver's retry policy cannot wait, so a program has to."""
    for attempt in range(ATTEMPTS):
        try:
            return work()
        except (RequestExecutionException, OperationTimedOut, NoHostAvailable, ConnectionException) as error:
            last = error
            time.sleep(min(0.02 * 2**attempt, 0.5))
    raise last


def written(invoice):
    statement = patiently(insert)
    for line in range(100):
        patiently(lambda: session.execute(statement, [invoice, line, Decimal(1)]))
    return patiently(lambda: told(session.execute(patiently(of_invoice), [invoice])))


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
        report = {"step": name, "ok": False, "detail": f"{type(error).__name__}: {error}"}
    print(json.dumps(report), flush=True)
cluster.shutdown()
