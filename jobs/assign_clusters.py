"""
Puts each customer of a run of rfm_features into the cluster whose centroid is nearest, and writes that into the tables
`customers_of_cluster` and `cluster_of_customer` of Amazon Keyspaces at a given rate, and beside the features in S3, the manifest last.
"""

import csv
import io
import json
import math
import re
from datetime import datetime, timezone
from itertools import islice

from feature_objects import csv_text, number
from feature_scaling import FEATURES, scaled
from job_arguments import JobError, read_arguments, whole_number
from keyspaces_job import cores, executors, open_spark, rate_of_executor, region_of, run_job
from object_store import Store, split_uri

NEEDED = ("keyspace", "features", "clusters", "run_id", "run_date")
OPTIONAL = {"rows_per_second": "1000", "ttl_seconds": None}

# Customers that share a partition of `customers_of_cluster`, on average: at 1,000 writes a second, ten seconds' worth.
CUSTOMERS_PER_BUCKET = 10_000
# Or more: while the last ones end, some cores have none.
TASKS_PER_CORE = 4
OF_CUSTOMER = "recency_days double, frequency double, monetary double, segment string, distance double"
TABLES = {
    "customers_of_cluster": f"run_id string, cluster int, bucket int, customer_id string, country string, {OF_CUSTOMER}",
    "cluster_of_customer": f"customer_id string, run_id string, run_date timestamp, cluster int, cluster_name string, {OF_CUSTOMER}",
}


def settings_of(argv):
    given = read_arguments(argv, NEEDED, OPTIONAL)
    try:
        run_date = datetime.fromisoformat(given["run_date"].replace("Z", "+00:00"))
    except ValueError:
        raise JobError(f"read the arguments: --run_date has to be a moment in ISO 8601, not {given['run_date']!r}") from None
    for name in ("features", "clusters"):
        if not re.fullmatch(r"s3://[a-z0-9.-]{3,63}/.+", given[name]):
            raise JobError(f"read the arguments: --{name} has to be s3://bucket/key, not {given[name]!r}")
    return {
        **given,
        "run_date": run_date if run_date.tzinfo else run_date.replace(tzinfo=timezone.utc),
        "rows_per_second": whole_number(given, "rows_per_second"),
        "ttl_seconds": given["ttl_seconds"] and whole_number(given, "ttl_seconds"),
    }


def buckets_for(customers):
    return max(1, math.ceil(customers / CUSTOMERS_PER_BUCKET))


def bucket_of(customer_id, buckets):
    """FNV-1a of the id's UTF-8 bytes, 32 bits, modulo the number of buckets: as packages/cluster-store has it."""
    hashed = 0x811C9DC5
    for byte in customer_id.encode():
        hashed = (hashed ^ byte) * 0x01000193 & 0xFFFFFFFF
    return hashed % buckets


def nearest(point, centroids):
    """The index of the nearest centroid, the lower one where two are equally near, and the square of the distance to it."""
    best, least = 0, math.inf
    for index, centroid in enumerate(centroids):
        square = 0.0
        for value, middle in zip(point, centroid):
            square += (value - middle) * (value - middle)
        if square < least:
            best, least = index, square
    return best, least


class Assignment:
    """What a task needs to assign the customers of one object."""

    def __init__(self, store, scaler, model):
        self.store, self.scaler = store, scaler
        self.centroids, self.clusters = model["centroids"], model["clusters"]

    def customers(self, key, part=0, parts=1):
        """Each customer of an object, or of one of several parts of it, with the index of the nearest centroid and the square of the distance."""
        records = csv.reader(io.StringIO(self.store.get(key).decode(), newline=""))
        names = next(records)
        for values in islice(records, part, None, parts):
            row = dict(zip(names, values))
            point = scaled(self.scaler, [float(row[name]) for name in FEATURES])
            yield row, *nearest(point, self.centroids)

    def write_object(self, key, run_id):
        """Puts the assignment of one object beside it; gives the sums of each centroid."""
        sums = {}
        lines = []
        for row, index, square in self.customers(key):
            lines.append((row["customer_id"], self.clusters[index]["cluster"], number(math.sqrt(square))))
            of = sums.setdefault(index, {"customers": 0, "squares": [], **{name: [] for name in FEATURES}})
            of["customers"] += 1
            of["squares"].append(square)
            for name in FEATURES:
                of[name].append(float(row[name]))
        target = f"assignments/{run_id}/{key.split('/')[-1]}"
        self.store.put(target, csv_text(("customer_id", "cluster", "distance"), lines))
        return [
            (index, {name: value if name == "customers" else math.fsum(value) for name, value in of.items()})
            for index, of in sums.items()
        ]

    def rows(self, table, slice_of_object, settings, buckets):
        """The rows for one of the tables."""
        for row, index, square in self.customers(*slice_of_object):
            cluster = self.clusters[index]
            of = (*[float(row[name]) for name in FEATURES], row["segment"], math.sqrt(square))
            if table == "customers_of_cluster":
                bucket = bucket_of(row["customer_id"], buckets[index])
                yield (settings["run_id"], cluster["cluster"], bucket, row["customer_id"], row["country"], *of)
            else:
                yield (row["customer_id"], settings["run_id"], settings["run_date"], cluster["cluster"], cluster["name"], *of)


def slices_of(keys, tasks):
    """Objects in so many equal parts that there are as many tasks at least."""
    parts = math.ceil(tasks / len(keys))
    return [(key, part, parts) for key in keys for part in range(parts)]


def read_json(store, key):
    try:
        return json.loads(store.get(key))
    except Exception as error:  # noqa: BLE001 - S3's, or that of a text which is none
        raise JobError(f"read {store.uri}/{key}: {type(error).__name__}: {error}") from None


def model_in(given, uri):
    """Centroids, and a cluster of its own for each."""
    try:
        centroids = [[float(value) for value in centroid] for centroid in given["centroids"]]
        clusters = [{"cluster": int(of["cluster"]), "name": str(of["name"])} for of in given["clusters"]]
    except (ValueError, KeyError, TypeError) as error:
        raise JobError(f"read the clusters in {uri}: {type(error).__name__}: {error}") from None
    if {len(centroid) for centroid in centroids} != {len(FEATURES)} or len(clusters) != len(centroids):
        raise JobError(f"read the clusters in {uri}: there has to be a cluster for each centroid of {len(FEATURES)} numbers")
    if not all(math.isfinite(value) for centroid in centroids for value in centroid):
        raise JobError(f"read the clusters in {uri}: nothing is near to a centroid that is not of finite numbers")
    if len({of["cluster"] for of in clusters}) != len(clusters):
        raise JobError(f"read the clusters in {uri}: two centroids are of one cluster")
    return {"centroids": centroids, "clusters": clusters}


def add_sums(a, b):
    return {name: a[name] + b[name] for name in a}


def main(argv):
    settings = settings_of(argv)
    region, run_id = region_of(settings), settings["run_id"]
    store = Store(settings["features"], region, settings)
    features = read_json(store, "manifest.json")
    bucket, key = split_uri(settings["clusters"])
    folder, _, name = key.rpartition("/")
    model = model_in(read_json(Store(f"s3://{bucket}/{folder}", region, settings), name), settings["clusters"])
    whole = f"assignments/{run_id}/manifest.json"
    if whole in store.keys(whole):
        # Of the same run, made with other clusters perhaps: until the end there are rows and objects of both.
        store.put(whole, json.dumps({"version": 1, "run_id": run_id, "incomplete": True}).encode())
    spark = open_spark("assign_clusters", settings, rows_per_second=settings["rows_per_second"])
    spark_context = spark.sparkContext
    assignment = Assignment(store, features["train"]["scaler"], model)
    keys = [each["key"] for each in features["customers"]["objects"]]
    objects = spark_context.parallelize(keys, len(keys))
    sums = dict(objects.flatMap(lambda key: assignment.write_object(key, run_id)).reduceByKey(add_sums).collect())
    buckets = [buckets_for(sums[index]["customers"] if index in sums else 0) for index in range(len(model["clusters"]))]
    slices = slices_of(keys, TASKS_PER_CORE * cores(spark))
    options = write_options(settings, executors(spark))
    written = 0
    for table, columns in TABLES.items():
        rows = spark_context.parallelize(slices, len(slices)).flatMap(
            lambda of, table=table: assignment.rows(table, of, settings, buckets)
        )
        # The rows are of these types, and looking at every value again takes longer than making it.
        frame = spark.createDataFrame(rows, columns, verifySchema=False)
        frame.write.format("keyspaces.TableSource").mode("append").options(**options, table=table).save()
        written += features["train"]["rows"]
    revenue = math.fsum(of["monetary"] for of in sums.values())
    manifest = {
        "version": 1,
        "run_id": run_id,
        "customers": sum(of["customers"] for of in sums.values()),
        "inertia": math.fsum(of["squares"] for of in sums.values()),
        "clusters": [profile(cluster, sums.get(index), buckets[index], revenue) for index, cluster in enumerate(model["clusters"])],
        "rows_written": written,
    }
    store.put(whole, json.dumps(manifest, indent=1).encode())
    spark.stop()
    print(f"assign_clusters done: {manifest['customers']} customers in {len(sums)} clusters, {written} rows in {settings['keyspace']}")


def write_options(settings, executors_of_job):
    """Each executor keeps to its share of the rate."""
    rate = rate_of_executor(settings["rows_per_second"], executors_of_job)
    ttl = {"ttl": settings["ttl_seconds"]} if settings["ttl_seconds"] else {}
    return {"keyspace": settings["keyspace"], "rowsPerSecond": rate, **ttl}


def profile(cluster, of, buckets, revenue):
    means = {f"{name}_mean": of[name] / of["customers"] if of else None for name in FEATURES}
    return {
        "cluster": cluster["cluster"],
        "name": cluster["name"],
        "customers": of["customers"] if of else 0,
        "buckets": buckets,
        **means,
        "revenue_share": of["monetary"] / revenue if of and revenue > 0 else 0,
    }


if __name__ == "__main__":
    run_job("assign_clusters", main)
