"""Reads a table by `keyspaces.TableSource` as often as it is told to: asks --url how, and posts the rows there, until there is no more to read."""

import json
import urllib.request

from job_arguments import read_arguments
from keyspaces_job import open_spark, reason_of, run_job


def ask(url, answer=None):
    data = None if answer is None else json.dumps(answer).encode()
    with urllib.request.urlopen(url, data) as response:
        return json.loads(response.read())


def main(argv):
    arguments = read_arguments(argv, ("keyspace", "table", "columns", "url"), {})
    spark = open_spark("read_tables", arguments)
    where = {name: arguments[name] for name in ("keyspace", "table")}
    how = ask(arguments["url"])
    while how is not None:
        frame = spark.read.format("keyspaces.TableSource").schema(arguments["columns"]).options(**where, **how).load()
        try:
            answer = {"rows": [row.asDict() for row in frame.collect()]}
        except Exception as error:  # noqa: BLE001 - whatever it is, the test is to see it
            answer = {"failed": reason_of(error)}
        how = ask(arguments["url"], answer)
    spark.stop()


if __name__ == "__main__":
    run_job("read_tables", main)
