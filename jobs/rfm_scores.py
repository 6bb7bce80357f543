"""Recency, frequency and monetary value of each customer, their scores from 1 to 5 and segments, as packages/invoices gives them."""

import math
from datetime import date

from invoice_fold import DAY_MS, plain
from pyspark.sql import Window
from pyspark.sql import functions as F

PREPARATIONS = ("net", "sales", "as_published")

# Row: recency score 1–5; column: frequency score 1–5.
SEGMENTS = (
    ("Hibernating", "Hibernating", "At Risk", "At Risk", "Can't Lose"),
    ("Hibernating", "Hibernating", "At Risk", "At Risk", "Can't Lose"),
    ("About to Sleep", "About to Sleep", "Need Attention", "Loyal Customers", "Loyal Customers"),
    ("Promising", "Potential Loyalists", "Potential Loyalists", "Loyal Customers", "Loyal Customers"),
    ("New Customers", "Potential Loyalists", "Potential Loyalists", "Champions", "Champions"),
)

# Numbers by value and before other text.
ID_ORDER = (
    "if(customer_id rlike '^[0-9]+\\\\z', least(double(customer_id), double('1.7976931348623157E308')), double('Infinity'))",
    "customer_id",
)


# What counts of a customer's lines: the last of them, null where the preparation leaves the customer out; distinct invoices; money.
COUNTED = {
    "net": ("last_purchase", "purchase_invoices", "net_amount"),
    "sales": ("last_purchase", "purchase_invoices", "sales_amount"),
    "as_published": ("merged_last_line", "merged_invoices", "if(merged_amount < 0, ceil(merged_amount), floor(merged_amount))"),
}


def preparation_sums(customers):
    """How many customers each preparation covers, and what their features sum up to."""
    row = customers.selectExpr(
        *[
            f"{aggregate} filter (where {last} is not null) as {preparation}_{name}"
            for preparation, (last, frequency, amount) in COUNTED.items()
            for name, aggregate in (
                ("customers", "count(*)"),
                ("frequency", f"sum({frequency})"),
                ("monetary", f"sum(cast({amount} as decimal(38,20)))"),
            )
        ]
    ).first()
    return {
        preparation: {
            "customers": row[f"{preparation}_customers"],
            "frequency": row[f"{preparation}_frequency"] or 0,
            "monetary": plain(row[f"{preparation}_monetary"]),
        }
        for preparation in PREPARATIONS
    }


def prepared(customers, preparation, analysis_date):
    """Those whom the preparation covers: customer_id, country, recency_days, frequency and monetary, the double nearest to the amount."""
    last, frequency, amount = COUNTED[preparation]
    return customers.where(f"{last} is not null").selectExpr(
        "customer_id",
        "country",
        f"int({(analysis_date - date(1970, 1, 1)).days} - floor({last} / {DAY_MS})) as recency_days",
        f"{frequency} as frequency",
        f"double({amount}) as monetary",
    )


def counted(customers, column):
    """The values of a column with how many customers have a lower one (`below`), and how many it or a lower one (`reached`)."""
    up_to = Window.orderBy(column).rowsBetween(Window.unboundedPreceding, Window.currentRow)
    return (
        customers.groupBy(column)
        .count()
        .withColumn("reached", F.sum("count").over(up_to))
        .withColumn("below", F.col("reached") - F.col("count"))
    )


def rank_scores(customers, column, n, descending=False):
    """⌈5 × average rank ÷ n⌉ of each value, the lowest ranking 1; equal values get equal scores."""
    ranks = counted(customers, column)
    below = f"{n} - reached" if descending else "below"
    reached = f"{n} - below" if descending else "reached"
    twice = f"5 * ({below} + 1 + {reached})"
    return ranks.selectExpr(column, "count", f"int(({twice} + {2 * n} - 1) div {2 * n}) as score")


def between(value, cuts):
    """1 for values up to the first cut, one more beyond each further one."""
    return F.lit(1) + sum((F.lit(cut) < value).cast("int") for cut in cuts)


def quantile_cuts(n, value_at):
    """Cuts at linearly interpolated fifths of n sorted values."""
    cuts = []
    for fifth in (1, 2, 3, 4):
        position = (fifth * (n - 1)) / 5
        below = math.floor(position)
        low = value_at(below)
        following = value_at(below + 1) if below + 1 < n else low
        cuts.append(low + (position - below) * (following - low))
    return cuts


def column_cuts(customers, column, n):
    wanted = sorted({place for fifth in (1, 2, 3, 4) for place in (math.floor(fifth * (n - 1) / 5), math.floor(fifth * (n - 1) / 5) + 1)})
    conditions = " or ".join(f"(below <= {place} and {place} < reached)" for place in wanted)
    rows = counted(customers, column).where(conditions).collect()
    return quantile_cuts(n, lambda place: next(float(row[column]) for row in rows if row["below"] <= place < row["reached"]))


def scored(customers, preparation, n, cuts):
    """The customers with `r`, `f`, `m` and `segment`; `cuts` has four bounds for each feature that is not to be scored by fifths."""
    if preparation == "as_published":
        everybody = published_scores(customers, n)
    else:
        recency = rank_scores(customers, "recency_days", n, descending=True).selectExpr("recency_days", "score as r")
        frequencies = rank_scores(customers, "frequency", n)
        # Where most customers bought once, an average rank would lift them the higher the more of them there are.
        most_once = f"frequency = 1 and 2 * count > {n}"
        frequency = frequencies.selectExpr("frequency", f"if({most_once}, 1, score) as f")
        monetary = rank_scores(customers, "monetary", n).selectExpr("monetary", "score as m")
        everybody = customers.join(recency, "recency_days").join(frequency, "frequency").join(monetary, "monetary")
    if cuts["recency"]:
        everybody = everybody.withColumn("r", 6 - between(F.col("recency_days"), cuts["recency"]))
    if cuts["frequency"]:
        everybody = everybody.withColumn("f", between(F.col("frequency"), cuts["frequency"]))
    if cuts["monetary"]:
        everybody = everybody.withColumn("m", between(F.col("monetary"), cuts["monetary"]))
    names = F.array(*[F.array(*[F.lit(name) for name in row]) for row in SEGMENTS])
    return everybody.withColumn("segment", names[F.col("r") - 1][F.col("f") - 1])


def published_scores(customers, n):
    """The original's quantile cuts; ties of frequency broken by the order of the customers."""
    recency, monetary = column_cuts(customers, "recency_days", n), column_cuts(customers, "monetary", n)
    ranks = quantile_cuts(n, lambda place: float(place + 1))
    in_order = Window.partitionBy("frequency").orderBy(*[F.expr(key) for key in ID_ORDER])
    return (
        customers.join(counted(customers, "frequency").select("frequency", "below"), "frequency")
        .withColumn("rank", F.col("below") + F.row_number().over(in_order))
        .withColumn("r", 6 - between(F.col("recency_days"), recency))
        .withColumn("f", between(F.col("rank"), ranks))
        .withColumn("m", between(F.col("monetary"), monetary))
    )
