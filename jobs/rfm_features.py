"""
Reads the invoice lines of a table in Amazon Keyspaces and writes what the training needs to S3: the customers with their features, scaled
in the objects of a training job and beside them with ids, and a manifest, which comes last. For AWS Glue 5 and for plain Spark 3.5; see
README.md for arguments and results.
"""

import hashlib
import json
import math
import re
import time
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

from feature_objects import TRAINING_FORMS, csv_text, number, objects_of, shuffled, write_objects
from feature_scaling import FEATURES, SCALINGS, features_of, fit, scaled
from invoice_fold import DAY_MS, fold_customers, fold_invoices, plain, read_counts, read_lines, total, with_bins
from job_arguments import JobError, one_of, read_arguments, whole_number
from keyspaces_job import of_one_reading, open_spark, region_of, run_job
from object_store import Store
from pyspark import StorageLevel
from rfm_scores import PREPARATIONS, preparation_sums, prepared, scored

NEEDED = ("keyspace", "table", "output")
OPTIONAL = {
    "preparation": "net",
    "scaling": "min_max",
    "format": "csv",
    "shards": "1",
    "analysis_date": None,
    "cut": None,
    "credit_prefix": "C",
    "product_code": "five_digits",
    "recency_cuts": None,
    "frequency_cuts": None,
    "monetary_cuts": None,
    "consistency": "LOCAL_QUORUM",
    "ranges": "128",
    "row_bytes": None,
}
AGGREGATE = (
    "customer_id",
    "country",
    "purchase_invoices",
    "last_purchase",
    "sales_amount",
    "net_amount",
    "merged_invoices",
    "merged_last_line",
    "merged_amount",
)
MOMENTS = ("last_purchase", "merged_last_line")
CUSTOMER = ("customer_id", "country", "recency_days", "frequency", "monetary", "r", "f", "m", "segment")


def settings_of(argv):
    given = read_arguments(argv, NEEDED, OPTIONAL)
    if not re.fullmatch(r"s3://[a-z0-9.-]{3,63}/.+", given["output"]):
        raise JobError(f"read the arguments: --output has to be s3://bucket/prefix, not {given['output']!r}")
    one_of(given, "preparation", *PREPARATIONS)
    one_of(given, "scaling", *SCALINGS)
    one_of(given, "format", *TRAINING_FORMS)
    one_of(given, "consistency", "LOCAL_QUORUM", "LOCAL_ONE")
    prefix = one_of(given, "credit_prefix", "C", "none")
    code = one_of(given, "product_code", "five_digits", "none")
    return {
        **given,
        "shards": whole_number(given, "shards"),
        "ranges": whole_number(given, "ranges"),
        "row_bytes": given["row_bytes"] and whole_number(given, "row_bytes"),
        "analysis_date": date_in(given, "analysis_date"),
        "cut": moment_in(given, "cut"),
        "credit_prefix": None if prefix == "none" else prefix,
        "product_code": None if code == "none" else code,
        "cuts": {name: cuts_in(given, f"{name}_cuts") for name in ("recency", "frequency", "monetary")},
    }


def date_in(given, name):
    try:
        return given[name] and date.fromisoformat(given[name])
    except ValueError:
        raise JobError(f"read the arguments: --{name} has to be a date, YYYY-MM-DD, not {given[name]!r}") from None


def moment_in(given, name):
    """In milliseconds since 1970."""
    if not given[name]:
        return None
    try:
        at = datetime.fromisoformat(given[name].replace("Z", "+00:00"))
    except ValueError:
        raise JobError(f"read the arguments: --{name} has to be a moment in ISO 8601, not {given[name]!r}") from None
    utc = at if at.tzinfo else at.replace(tzinfo=timezone.utc)
    return (utc - datetime(1970, 1, 1, tzinfo=timezone.utc)) // timedelta(milliseconds=1)


def cuts_in(given, name):
    if not given[name]:
        return None
    try:
        cuts = [float(cut) for cut in given[name].strip("[]").split(",")]
    except ValueError:
        cuts = []
    if len(cuts) != 4 or not all(map(math.isfinite, cuts)) or any(a >= b for a, b in zip(cuts, cuts[1:])):
        raise JobError(f"read the arguments: --{name} has to be four ascending numbers, not {given[name]!r}")
    return cuts


def moment(ms):
    return datetime(1970, 1, 1) + timedelta(milliseconds=ms)


def instant(ms):
    """ISO 8601 in UTC of milliseconds since 1970."""
    return None if ms is None else moment(ms).isoformat(timespec="milliseconds") + "Z"


def midnight_after(day):
    """In milliseconds since 1970."""
    return ((day - date(1970, 1, 1)).days + 1) * DAY_MS


def write_aggregates(customers, folder, store):
    """Every customer with any line, for all preparations."""

    def write(name, rows):
        key = f"{folder}/{name}.csv"
        store.put(key, csv_text(AGGREGATE, [[text_of(column, row[column]) for column in AGGREGATE] for row in rows]))
        return {"key": key}

    n = customers.count()
    return {"customers": n, "objects": write_objects(shuffled(customers), n, objects_of(n), write)}


def text_of(column, value):
    if value is None:
        return ""
    if column in MOMENTS:
        return instant(value)
    return plain(value) if isinstance(value, Decimal) else value


def write_training(customers, n, settings, store):
    """The training's objects, and the same customers in the same order beside them."""
    extension, form = TRAINING_FORMS[settings["format"]]
    placed = shuffled(customers).cache()
    scaler = fit(placed, n, settings["scaling"])

    def write(name, rows):
        store.put(f"customers/{name}.csv", csv_text(CUSTOMER, [[cell(row[column]) for column in CUSTOMER] for row in rows]))
        key = f"train/{name}.{extension}"
        data = form([scaled(scaler, features_of(row)) for row in rows])
        store.put(key, data)
        # What was trained with is known again by it, wherever it lies.
        return {"key": key, "sha256": hashlib.sha256(data).hexdigest()}

    objects = write_objects(placed, n, objects_of(n, settings["shards"]), write)
    placed.unpersist()
    beside = [{"key": f"customers/{each['key'].split('/')[1].split('.')[0]}.csv", "rows": each["rows"]} for each in objects]
    train = {"rows": n, "columns": list(FEATURES), "scaler": scaler, "objects": objects}
    return {"train": train, "customers": {"objects": beside}}


def cell(value):
    return number(value) if isinstance(value, float) else value


def require_unused(store):
    """A run that is made over a complete one would leave, until its end or for good, objects of both under one manifest."""
    if "manifest.json" in store.keys("manifest.json"):
        raise JobError(f"write to {store.uri}: a run has been completed there, and each run needs a folder of its own")


def require_own(store, objects):
    """All objects below `train/` are trained with, those as well that a run which did not come to its end has left there."""
    others = sorted(set(store.keys("train/")) - {each["key"] for each in objects})
    if others:
        raise JobError(f"write to {store.uri}: {others[0]} is there of another run, and each run needs a folder of its own")


def main(argv):
    start = time.monotonic()
    settings = settings_of(argv)
    store = Store(settings["output"], region_of(settings), settings)
    require_unused(store)
    # Ranges and shuffles alike want a few tasks for each core, and none with more than memory holds.
    spark = open_spark("rfm_features", settings, {"spark.sql.shuffle.partitions": str(settings["ranges"])})
    name = f"{settings['keyspace']}.{settings['table']}"
    until = settings["analysis_date"] and midnight_after(settings["analysis_date"])
    lines = read_lines(spark, settings)
    binned = with_bins(lines, settings["credit_prefix"], settings["product_code"])
    # Read once: a further pass over the table would be billed again.
    moments = fold_invoices(binned, until, settings["cut"]).persist(StorageLevel.MEMORY_AND_DISK)
    with of_one_reading(name, lambda: total(moments, settings["product_code"])) as totals:
        if totals["last_invoice"] is None:
            raise JobError(f"prepare the customers' features: there are no invoice lines in {name}")
        customers = fold_customers(moments).persist(StorageLevel.MEMORY_AND_DISK)
        analysis_date = settings["analysis_date"] or moment(totals["last_invoice"]).date()
        sums = preparation_sums(customers)
        preparation = settings["preparation"]
        n = sums[preparation]["customers"]
        if n == 0:
            raise JobError(f"prepare the customers' features: no customer has a line that counts for {preparation!r}")
        first_before, last_before = totals.pop("first_before"), totals.pop("last_before")
        before_cut = None
        if settings["cut"] is not None:
            before_cut = {
                **write_aggregates(fold_customers(moments, before_cut=True), "before_cut", store),
                "first_invoice": instant(first_before),
                "last_invoice": instant(last_before),
            }
        everybody = scored(prepared(customers, preparation, analysis_date), preparation, n, settings["cuts"])
        manifest = {
            "version": 2,
            "keyspace": settings["keyspace"],
            "table": settings["table"],
            "parameters": {key: settings[key] for key in OPTIONAL if key not in ("analysis_date", "cut", "ranges", "row_bytes")},
            **totals,
            "first_invoice": instant(totals["first_invoice"]),
            "last_invoice": instant(totals["last_invoice"]),
            "analysis_date": analysis_date.isoformat(),
            "cut": instant(settings["cut"]),
            "aggregates": write_aggregates(customers, "aggregates", store),
            "before_cut": before_cut,
            "preparations": sums,
            **write_training(everybody, n, settings, store),
            "read": read_counts(spark, settings),
            "seconds": round(time.monotonic() - start, 1),
        }
        require_own(store, manifest["train"]["objects"])
    store.put("manifest.json", json.dumps(manifest, indent=1).encode())
    spark.stop()
    print(f"rfm_features done: {totals['lines']} lines, {n} customers in {manifest['seconds']} s, {settings['output']}/manifest.json")


if __name__ == "__main__":
    run_job("rfm_features", main)
