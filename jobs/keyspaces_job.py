"""What every job here needs: a Spark session that reaches Amazon Keyspaces, and one line that says why it failed."""

import json
import math
import os
import re
import sys
import tempfile
from contextlib import contextmanager

from job_arguments import JobError
from py4j.protocol import Py4JJavaError
from pyspark.errors import PySparkException
from pyspark.sql import SparkSession

PROFILE = "keyspaces.conf"

# https://docs.aws.amazon.com/keyspaces/latest/devguide/connections.html
REQUESTS_OF_CONNECTION = 3000
LEAST_CONNECTIONS = 3


def region_of(arguments):
    region = arguments["region"] or os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION")
    if not region:
        raise JobError("find the Region: neither --region nor AWS_REGION says which")
    return region


def driver_profile(arguments, connections=LEAST_CONNECTIONS):
    """The settings of the Java driver, for AWS and for the stand-in alike; `connections` with each node."""
    region = region_of(arguments)
    suffix = ".cn" if region.startswith("cn-") else ""
    endpoint = arguments["keyspaces_endpoint"] or f"cassandra.{region}.amazonaws.com{suffix}:9142"
    host, _, port = endpoint.rpartition(":")
    if not host or not port.isdecimal():
        raise JobError(f"read the arguments: --keyspaces_endpoint has to be host:port, not {endpoint!r}")
    tls = {"class": "keyspaces.ServiceTls", "service-name": host}
    if arguments["ca_file"]:
        tls["ca-file"] = arguments["ca_file"]
    return {
        "basic": {
            "contact-points": [endpoint],
            "load-balancing-policy": {"local-datacenter": region, "slow-replica-avoidance": False},
            # What fails is made again by those who ask, `keyspaces.Patience`.
            "request": {
                "timeout": "60 seconds",
                "consistency": "LOCAL_QUORUM",
                "default-idempotence": True,
            },
        },
        "advanced": {
            "auth-provider": {"class": "software.aws.mcs.auth.SigV4AuthProvider", "aws-region": region},
            "ssl-engine-factory": tls,
            "reconnection-policy": {
                "class": "ExponentialReconnectionPolicy",
                "base-delay": "200 milliseconds",
                "max-delay": "5 seconds",
            },
            "resolve-contact-points": False,
            "prepared-statements": {"prepare-on-all-nodes": False, "reprepare-on-up": {"enabled": False}},
            "connection": {
                "connect-timeout": "20 seconds",
                "init-query-timeout": "20 seconds",
                "pool": {"local": {"size": connections}},
            },
            "control-connection": {"timeout": "20 seconds"},
            # A session that nobody has closed, as that of a task which ended early, does not keep a job alive that is done.
            "netty": {"daemon": True},
            "metadata": {"schema": {"request-timeout": "20 seconds"}},
        },
    }


def open_spark(name, arguments, settings=None, rows_per_second=0):
    """
    A session whose connections to Keyspaces are those of the driver profile; it reaches every executor as a file. There are as many as are
    to write rows at that rate, all executors together.
    """
    builder = (
        SparkSession.builder.appName(name)
        .config("spark.cassandra.connection.config.profile.path", PROFILE)
        .config("spark.cassandra.connection.keepAliveMS", "60000")
        # A task that is made again reads or writes all that is its own, and is billed for it; what may pass is waited for within it.
        .config("spark.task.maxFailures", "10")
        .config("spark.sql.session.timeZone", "UTC")
        # A sum that does not fit is an error, not a null.
        .config("spark.sql.ansi.enabled", "true")
    )
    for key, value in (settings or {}).items():
        builder = builder.config(key, value)
    spark = builder.getOrCreate()
    folder = tempfile.mkdtemp(prefix="keyspaces-job-")
    path = os.path.join(folder, PROFILE)
    # Behind an endpoint in a VPC there may be one node.
    connections = math.ceil(rate_of_executor(rows_per_second, executors(spark)) / REQUESTS_OF_CONNECTION) + 1
    profile = driver_profile(arguments, max(LEAST_CONNECTIONS, connections))
    with open(path, "w", encoding="utf-8") as file:
        # HOCON reads JSON.
        json.dump({"datastax-java-driver": profile}, file)
    spark.sparkContext.addFile(path)
    return spark


def executors(spark):
    """As many as the job may come to have; one where driver and executor are the same."""
    conf = spark.sparkContext.getConf()
    wanted = [conf.get("spark.executor.instances"), conf.get("spark.dynamicAllocation.maxExecutors")]
    # An infinite maximum comes as a number that says nothing.
    known = [int(count) for count in wanted if count and int(count) < 1_000_000]
    running = len(spark.sparkContext._jsc.sc().statusTracker().getExecutorInfos()) - 1
    return max([1, running, *known])


def rate_of_executor(rows_per_second, executors_of_job):
    return max(1, rows_per_second // executors_of_job)


def cores(spark):
    """As many tasks as may run at a time when all executors are there."""
    context = spark.sparkContext
    return max(context.defaultParallelism, executors(spark) * int(context.getConf().get("spark.executor.cores", "1")))


# Of what Spark says when a task has failed for good.
TASK_FAILURE = re.compile(r"most recent failure: .*?\): ([^\n]*(?:\n(?!Driver stacktrace)[^\n]*)*)", re.DOTALL)
CAUSE = re.compile(r"^Caused by: (.*)$", re.MULTILINE)
# The last line of a Python traceback within a Java one.
PYTHON_ERROR = re.compile(r"Traceback .*?^([\w.]+: [^\n]+)\n\s*\tat ", re.MULTILINE | re.DOTALL)
CLASS = re.compile(r"^(?:[\w$]+\.)+([\w$]+): ")
# Spark's advice on how to have nulls in the place of an error.
TO_HAVE_NULLS = re.compile(r" (?:If necessary set|Use `try_|Use the SQL function `).*?\.(?=\s|$)", re.DOTALL)
# Exceptions whose class says nothing that their text does not.
OURS = ("IllegalStateException", "JobError")


def reason_of(error):
    """Why a job failed, in one line: the innermost cause, without the stack around it."""
    if isinstance(error, JobError):
        return str(error)
    if isinstance(error, Py4JJavaError):
        text = causes_of(error.java_exception)
    elif isinstance(error, PySparkException):
        text = str(error)
    else:
        text = f"{type(error).__name__}: {error}"
    task = TASK_FAILURE.search(text)
    inner = task.group(1) if task else text
    python = PYTHON_ERROR.search(inner)
    if python:
        inner = python.group(1)
    else:
        causes = CAUSE.findall(inner)
        inner = causes[-1] if causes else inner.strip().split("\n")[0]
    said = TO_HAVE_NULLS.sub("", inner).strip()
    return CLASS.sub(lambda match: "" if match.group(1) in OURS else f"{match.group(1)}: ", said)


def causes_of(exception):
    texts = []
    while exception is not None:
        texts.append(exception.toString())
        exception = exception.getCause()
    return "\nCaused by: ".join(texts)


@contextmanager
def of_one_reading(name, totals_now):
    """
    What a lost executor had is read again. Of a table that has changed meanwhile, the objects would be of several readings, each right by
    itself, or Spark fails where they do not fit; either is told as what it is.
    """
    at_first = totals_now()

    def require_unchanged():
        now = totals_now()
        if now != at_first:
            raise JobError(
                f"read {name}: it has changed since, and was read again where an executor was lost: {at_first['lines']} lines "
                f"at first, {now['lines']} in the end; run the job again while nothing writes to the table"
            )

    try:
        yield dict(at_first)
    except Exception:
        require_unchanged()
        raise
    require_unchanged()


def run_job(name, main):
    """Runs a job to its end; the last line of standard error says why it failed, and so does Glue."""
    try:
        main(sys.argv)
    except Exception as error:  # noqa: BLE001 - whatever it is, the reader gets one line
        text = " ".join(reason_of(error).split())
        raise SystemExit(f"{name} failed: {text}") from None
