"""Features brought to one scale, as packages/customer-clusters does it: in doubles, (x − offset) × factor, x logarithmic or not."""

import math

FEATURES = ("recency_days", "frequency", "monetary")
SCALINGS = ("min_max", "log_standard")


def bent(scaling, value):
    # Mirrored at zero: a customer who returned more than they bought keeps a finite place below.
    return math.copysign(math.log1p(abs(value)), value) if scaling == "log_standard" else float(value)


def features_of(row):
    return float(row.recency_days), float(row.frequency), row.monetary


def fit(placed, n, scaling):
    """Learns the scaling from n rows with their places."""
    rows = placed.map(lambda entry: [bent(scaling, value) for value in features_of(entry[0])])
    least, most = rows.map(lambda row: (row, row)).reduce(
        lambda a, b: (list(map(min, a[0], b[0])), list(map(max, a[1], b[1])))
    )
    width = [high - low for low, high in zip(least, most)]
    if scaling == "min_max":
        return {"scaling": scaling, "offset": least, "factor": list(map(reciprocal, width))}
    mean = [total / n for total in sums(rows)]
    squares = sums(rows.map(lambda row: [(value - middle) ** 2 for value, middle in zip(row, mean)]))
    # A constant column has no spread, whatever the rounding.
    deviation = [0.0 if extent == 0 else math.sqrt(square / n) for extent, square in zip(width, squares)]
    offset = [low if extent == 0 else middle for low, extent, middle in zip(least, width, mean)]
    return {"scaling": scaling, "offset": offset, "factor": list(map(reciprocal, deviation))}


def sums(rows):
    """Of each column; as good as exact, so that it does not matter which rows come together."""
    partial = rows.mapPartitions(lambda part: [[halves(column) for column in zip(*part)]])
    return [math.fsum(half for pair in column for half in pair) for column in zip(*[row for row in partial.collect() if row])]


def halves(column):
    """A sum in two doubles: the nearest one, and what it is off by."""
    total = math.fsum(column)
    return total, math.fsum([*column, -total])


def reciprocal(width):
    """0 for a column that is constant, which scales to 0."""
    factor = 1 / width if width else math.inf
    return factor if math.isfinite(factor) else 0.0


def scaled(scaler, values):
    return [
        (bent(scaler["scaling"], value) - offset) * factor
        for value, offset, factor in zip(values, scaler["offset"], scaler["factor"])
    ]
