"""Stores a CSV file as AWS's walkthrough does: csv.reader, one prepared statement, and one execute a row; or with the
driver's execute_concurrent_with_args. Prints one line of JSON: the rows gone through and the seconds of the loop.

usage: walkthrough.py execute|execute_concurrent <port> <keyspace> <table> <file with the column `line`>
"""

import csv
import json
import sys
import time
from datetime import datetime

from cassandra import ConsistencyLevel
from cassandra.cluster import EXEC_PROFILE_DEFAULT, Cluster, ExecutionProfile
from cassandra.concurrent import execute_concurrent_with_args
from cassandra.policies import DCAwareRoundRobinPolicy


def values(row):
    """A row of the file as the walkthrough binds it: prices as floats, what is missing as empty text."""
    invoice, stock_code, description, quantity, date, price, customer_id, country, line = row
    return (
        invoice,
        stock_code,
        int(line),
        description,
        int(quantity),
        datetime.strptime(date, "%m/%d/%y %H:%M"),
        float(price),
        customer_id,
        country,
    )


def each_in_turn(session, prepared, rows):
    count = 0
    for row in rows:
        count += 1
        try:
            session.execute(prepared, values(row))
        except Exception as error:
            print(f"Error for row {count}: {error}", file=sys.stderr)
    return count


def concurrently(session, prepared, rows):
    count = 0

    def readable():
        nonlocal count
        for row in rows:
            count += 1
            try:
                yield values(row)
            except ValueError as error:
                print(f"Error for row {count}: {error}", file=sys.stderr)

    results = execute_concurrent_with_args(session, prepared, readable(), concurrency=100, raise_on_first_error=False)
    for success, error in results:
        if not success:
            print(f"Error: {error}", file=sys.stderr)
    return count


def main(how, port, keyspace, table, file):
    profile = ExecutionProfile(load_balancing_policy=DCAwareRoundRobinPolicy("datacenter1"))
    cluster = Cluster(["127.0.0.1"], port=int(port), execution_profiles={EXEC_PROFILE_DEFAULT: profile})
    session = cluster.connect()
    prepared = session.prepare(
        f"INSERT INTO {keyspace}.{table} (invoice, stock_code, line, description, quantity, invoice_date, price,"
        " customer_id, country) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
    )
    prepared.consistency_level = ConsistencyLevel.LOCAL_QUORUM
    store = {"execute": each_in_turn, "execute_concurrent": concurrently}[how]
    start = time.monotonic()
    with open(file, encoding="utf-8-sig", newline="") as text:
        rows = csv.reader(text)
        next(rows)
        count = store(session, prepared, rows)
    print(json.dumps({"rows": count, "seconds": time.monotonic() - start}))
    cluster.shutdown()


main(*sys.argv[1:])
