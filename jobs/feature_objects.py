"""
Objects in S3, each written by one task in one piece. Which rows an object has, and in which order, depends on the rows alone: a task that
is done again, here or elsewhere, puts the same bytes in the same place.
"""

import math
import re
import struct

from job_arguments import JobError
from pyspark.sql import functions as F

# As many rows are in memory at a time.
ROWS_PER_OBJECT = 200_000


def number(value):
    """The shortest text that reads as the same double."""
    return str(int(value)) if value == math.floor(value) and abs(value) < 1e15 else repr(value)


def csv_text(header, rows):
    return "".join(",".join(map(csv_field, row)) + "\n" for row in (header, *rows)).encode()


def csv_field(value):
    """In quotes where RFC 4180 asks for them, and where a reader would take the text's first character for the mark of a file's beginning."""
    text = "" if value is None else str(value)
    return '"' + text.replace('"', '""') + '"' if re.search('[",\r\n]|^\ufeff', text) else text


def training_csv(rows):
    return "".join(",".join(map(number, row)) + "\n" for row in rows).encode()


# RecordIO frames (dmlc-core, include/dmlc/recordio.h) around protobuf messages `aialgs.data.Record`
# (https://docs.aws.amazon.com/sagemaker/latest/dg/cdf-training.html).
MAGIC = struct.pack("<I", 0xCED7230A)
WHOLE, FIRST, MIDDLE, LAST = range(4)


def field(number_of_field, content):
    return bytes([number_of_field << 3 | 2, len(content)]) + content


def frame(flag, payload):
    return MAGIC + struct.pack("<I", flag << 29 | len(payload)) + payload + bytes(-len(payload) % 4)


def record(row):
    """A dense vector of float32, no label; in several frames, cut at each magic number in it, which readers put back."""
    tensor = field(1, struct.pack(f"<{len(row)}f", *row))
    payload = field(1, field(1, b"values") + field(2, field(2, tensor)))
    cuts = [at for at in range(0, len(payload) - 3, 4) if payload[at : at + 4] == MAGIC]
    if not cuts:
        return frame(WHOLE, payload)
    starts, ends = [0, *[cut + 4 for cut in cuts]], [*cuts, len(payload)]
    flags = [FIRST, *[MIDDLE] * (len(cuts) - 1), LAST]
    return b"".join(frame(flag, payload[start:end]) for flag, start, end in zip(flags, starts, ends))


def training_recordio(rows):
    return b"".join(map(record, rows))


TRAINING_FORMS = {"csv": ("csv", training_csv), "recordio": ("pbr", training_recordio)}


def shuffled(customers):
    """The rows with their places in an order that looks random and is always the same."""
    return customers.orderBy(F.xxhash64("customer_id"), "customer_id").rdd.zipWithIndex()


def objects_of(n, multiple=1):
    """How many objects n rows make: a multiple, unless there are fewer rows."""
    return min(n, max(1, math.ceil(n / ROWS_PER_OBJECT / multiple)) * multiple)


def write_objects(placed, n, objects, write):
    """
    Cuts n placed rows into objects of about the same number of rows; `write(name, rows)` puts one, such as `part-00000`, and gives what is
    to be known of it, its `key` above all. Gives that for each object, with its number of rows, in order.
    """

    if n == 0:
        return []

    def write_one(part, entries):
        rows = [row for _, row in sorted(((place, row) for _, (place, row) in entries), key=lambda entry: entry[0])]
        if rows:
            yield part, write(f"part-{part:05d}", rows), len(rows)

    # Place i of n is in part ⌊((i + 1) × objects − 1) ÷ n⌋, so that part p begins with place ⌊p × n ÷ objects⌋.
    keyed = placed.map(lambda entry: (((entry[1] + 1) * objects - 1) // n, (entry[1], entry[0])))
    written = keyed.partitionBy(objects, int).mapPartitionsWithIndex(write_one).collect()
    rows_written = sum(rows for _, _, rows in written)
    if rows_written != n:
        raise JobError(f"write the customers' objects: {n} customers were counted, and {rows_written} came to be written")
    return [{**known, "rows": rows} for _, known, rows in sorted(written, key=lambda entry: entry[0])]
