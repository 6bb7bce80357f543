"""Amazon Keyspaces on one machine for tests with pytest: `pip install pytest cassandra-driver cassandra-sigv4`."""

import json
import ssl
import subprocess
import time

import boto3
import pytest
from cassandra import ConsistencyLevel
from cassandra.cluster import EXEC_PROFILE_DEFAULT, Cluster, ExecutionProfile
from cassandra.policies import DCAwareRoundRobinPolicy, FallthroughRetryPolicy
from cassandra_sigv4.auth import SigV4AuthProvider


@pytest.fixture(scope="session")
def keyspaces(tmp_path_factory):
    """What its ready line says: contactPoint, port, region, caFile, credentials, adminUrl."""
    data = tmp_path_factory.mktemp("keyspaces")
    command = ["node_modules/.bin/keyspaces-local", "--port", "0", "--json", "--definition-ms", "50", "--data-directory", str(data)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        line = process.stdout.readline()
        assert line, "keyspaces-local did not start"
        yield json.loads(line)
    finally:
        process.terminate()
        process.wait(60)


@pytest.fixture(scope="session")
def session(keyspaces):
    credentials = keyspaces["credentials"]
    aws = boto3.Session(
        aws_access_key_id=credentials["accessKeyId"],
        aws_secret_access_key=credentials["secretAccessKey"],
        region_name=keyspaces["region"],
    )
    profile = ExecutionProfile(
        load_balancing_policy=DCAwareRoundRobinPolicy(local_dc=keyspaces["region"]),
        consistency_level=ConsistencyLevel.LOCAL_QUORUM,
        retry_policy=FallthroughRetryPolicy(),
    )
    cluster = Cluster(
        [keyspaces["contactPoint"]],
        port=keyspaces["port"],
        ssl_context=ssl.create_default_context(cafile=keyspaces["caFile"]),
        ssl_options={"server_hostname": "localhost"},
        auth_provider=SigV4AuthProvider(aws),
        execution_profiles={EXEC_PROFILE_DEFAULT: profile},
    )
    with cluster:
        yield cluster.connect()


@pytest.fixture(scope="session")
def orders(session):
    """A table that takes rows; definitions take effect a while after they were answered, as in the service."""
    session.execute("CREATE KEYSPACE shop WITH replication = {'class': 'SingleRegionStrategy'}")
    until(session, "SELECT keyspace_name FROM system_schema_mcs.keyspaces WHERE keyspace_name = 'shop'", "shop")
    session.execute("CREATE TABLE shop.orders (id int PRIMARY KEY, total decimal)")
    status = "SELECT status FROM system_schema_mcs.tables WHERE keyspace_name = 'shop' AND table_name = 'orders'"
    until(session, status, "ACTIVE")
    return "shop.orders"


def until(session, query, wanted):
    while (row := session.execute(query).one()) is None or row[0] != wanted:
        time.sleep(0.02)
