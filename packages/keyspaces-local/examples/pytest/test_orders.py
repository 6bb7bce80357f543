import json
import urllib.request
from decimal import Decimal

import pytest
from cassandra import InvalidRequest, WriteTimeout


def test_an_order_that_was_written_is_read(session, orders):
    session.execute(f"INSERT INTO {orders} (id, total) VALUES (1, 2.95)")
    assert session.execute(f"SELECT total FROM {orders} WHERE id = 1").one().total == Decimal("2.95")


def test_what_the_service_would_refuse_is_refused(session, orders):
    with pytest.raises(InvalidRequest, match="countRows is not yet supported"):
        session.execute(f"SELECT count(*) FROM {orders}")


def test_a_throttled_table_is_written_to_in_the_end(keyspaces, session, orders):
    insert = f"INSERT INTO {orders} (id, total) VALUES (2, 2.95)"
    ask(keyspaces, "PUT", {"throttle": {orders: 1}})
    with pytest.raises(WriteTimeout):
        session.execute(insert)
    ask(keyspaces, "DELETE")
    session.execute(insert)


def ask(keyspaces, method, faults=None):
    body = None if faults is None else json.dumps(faults).encode()
    urllib.request.urlopen(urllib.request.Request(f"{keyspaces['adminUrl']}/faults", body, method=method)).close()
