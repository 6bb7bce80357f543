"""
Invoice lines folded into customers, as packages/invoices folds them: what each line counts as, what each customer's lines come to for
every preparation, and what all of them come to. Amounts are decimals of 20 places throughout.
"""

from decimal import Decimal

from pyspark.sql import Window
from pyspark.sql import functions as F
from pyspark.sql.types import DecimalType

BINS = ("no_customer", "cancelled", "quantity_not_positive", "price_not_positive", "not_a_product", "purchase")
DAY_MS = 86_400_000
# As packages/invoices/src/invoices_of_number.ts has them.
NIGHT_MS = DAY_MS // 4
SOON_MS = 5 * DAY_MS
TIMES_SOON = 2
SHARE_SOON = 1 / 3
AMOUNT = DecimalType(38, 20)
# What a table keyed by (invoice, stock code) would have.
MERGED = ("merged_lines", "merged_invoices", "merged_amount")
LINES = (
    "invoice string, stock_code string, line int, quantity decimal(38,20), invoice_date timestamp, "
    "price decimal(38,20), customer_id string, country string"
)


def read_lines(spark, settings):
    """The table's lines, with `amount`, the exact product of quantity and price, and `time`, milliseconds since 1970."""
    spark.udf.registerJavaFunction("exact_product", "keyspaces.Exact", AMOUNT)
    return (
        spark.read.format("keyspaces.TableSource")
        .schema(LINES)
        .options(**{name: settings[name] for name in ("keyspace", "table", "consistency", "ranges")})
        .option("rowBytes", settings["row_bytes"] or 0)
        .option("required", "quantity,invoice_date,price")
        .load()
        .withColumn("amount", F.expr("exact_product(quantity, price)"))
        .withColumn("time", F.expr("unix_millis(invoice_date)"))
    )


def read_counts(spark, settings):
    """What reading has taken: token ranges, pages, and read units where it is known what a row weighs."""
    counts = spark.sparkContext._jvm.keyspaces.ReadCounts
    units = counts.readUnits() if settings["row_bytes"] else None
    return {"ranges": settings["ranges"], "pages": counts.pages(), "read_units": units}


def with_bins(lines, credit_prefix, product_code):
    """`bin`, the one that a line belongs to: the first that fits."""
    is_credit = F.col("invoice").rlike("^[Cc][0-9]") if credit_prefix else F.lit(False)
    is_product = F.col("stock_code").rlike("^[0-9]{5}") if product_code else F.lit(True)
    bin_of = (
        F.when(F.col("customer_id").isNull(), "no_customer")
        .when(is_credit, "cancelled")
        .when(F.col("quantity") <= 0, "quantity_not_positive")
        .when(F.col("price") <= 0, "price_not_positive")
        .when(is_product, "purchase")
        .otherwise("not_a_product")
    )
    return lines.withColumn("bin", bin_of)


def amount_of(condition):
    return F.coalesce(F.sum(F.when(condition, F.col("amount"))), F.lit(0).cast(AMOUNT))


def moments_of(lines, until):
    """
    A row for each invoice number, customer (nobody included) and moment: what the lines come to. Most invoices are of one moment, so
    that this is as short as it gets. `early` is false for moments from `until` on, whose lines are in the bins alone.
    """
    early = F.lit(True) if until is None else F.col("time") < until
    # Of lines that repeat a stock code, the one that a table keyed by (invoice, stock code) keeps.
    kept = F.max(F.when(F.col("early"), F.col("line"))).over(Window.partitionBy("invoice", "stock_code"))
    marked = (
        # All that follows is about whole invoices: one exchange is enough for it.
        lines.repartition("invoice")
        .withColumn("early", early)
        .withColumn("purchase", F.col("early") & F.col("bin").isin("purchase", "not_a_product"))
        .withColumn("merged", F.col("early") & (F.col("line") == kept))
    )
    bins = [
        column
        for name in BINS
        for column in (
            F.count(F.when(F.col("bin") == name, 1)).alias(f"{name}_lines"),
            amount_of(F.col("bin") == name).alias(f"{name}_amount"),
        )
    ]
    # In one moment, that with the higher invoice decides, then stock code, then repeat.
    country = F.when(F.col("early") & F.col("country").isNotNull(), F.struct("time", "invoice", "stock_code", "line", "country"))
    return marked.groupBy("invoice", "customer_id", "time", "early").agg(
        *bins,
        F.count(F.when(~F.col("early"), 1)).alias("later_lines"),
        amount_of(~F.col("early")).alias("later_amount"),
        F.count(F.when(F.col("purchase"), 1)).alias("bought_lines"),
        amount_of(F.col("purchase")).alias("sales_amount"),
        amount_of(F.col("early")).alias("net_amount"),
        F.max(country).alias("country"),
        F.count(F.when(F.col("merged"), 1)).alias("merged_lines"),
        amount_of(F.col("merged")).alias("merged_amount"),
    )


def first_with(column, window):
    """1 in the first row of a window, by time, that has lines of a kind; 0 in all others."""
    has = F.col(column) > 0
    return (has & (F.sum(has.cast("int")).over(window.orderBy("time")) == 1)).cast("int")


def fold_invoices(lines, until=None, cut=None):
    """
    The moments with the invoices that they are of. A number may name several invoices: lines of one number and one customer are of one
    invoice as long as less than a day lies from one to the next; or less than a night, where the number is bought with again after one to
    five days, two times or more and a third of the times. `until` and `cut` are milliseconds since 1970; `before` says of what is early
    whether its invoice has its last line before the cut.
    """
    number = Window.partitionBy("invoice", "early")
    customer = Window.partitionBy("invoice", "early", "customer_id")
    period = Window.partitionBy("invoice", "early", "customer_id", "period")
    since = F.col("time") - F.lag("time").over(customer.orderBy("time"))
    told_apart = F.col("time") - F.lag("time").over(number.orderBy("time")) >= DAY_MS
    sold = Window.partitionBy("invoice", "early", "is_bought")
    sold_to_one = Window.partitionBy("invoice", "early", "customer_id", "is_bought")

    def gap_in(window):
        return F.col("time") - F.lag("time").over(window.orderBy("time"))

    def comes_again_soon(gap, window):
        days = F.sum((F.col(gap) >= DAY_MS).cast("int")).over(window)
        soon = F.sum(((F.col(gap) >= DAY_MS) & (F.col(gap) < SOON_MS)).cast("int")).over(window)
        return F.coalesce(F.col("is_bought") & (soon >= TIMES_SOON) & (soon >= SHARE_SOON * days), F.lit(False))

    first = F.row_number().over(number.orderBy("time")) == 1
    settled = F.when(F.col("reused"), F.max("time").over(period)).otherwise(F.col("last_of_number"))
    return (
        moments_of(lines, until)
        .withColumn("new_customer", since.isNull().cast("int"))
        .withColumn("is_bought", F.col("bought_lines") > 0)
        .withColumn("gap_sold", gap_in(sold))
        .withColumn("gap_sold_to_one", gap_in(sold_to_one))
        .withColumn("soon", comes_again_soon("gap_sold", sold) | comes_again_soon("gap_sold_to_one", sold_to_one))
        .withColumn("apart", F.when(F.max("soon").over(number), NIGHT_MS).otherwise(DAY_MS))
        .withColumn("new_period", (since.isNull() | (since >= F.col("apart"))).cast("int"))
        .withColumn("period", F.sum("new_period").over(customer.orderBy("time")))
        .withColumn("gap", F.coalesce(told_apart, F.lit(False)))
        .withColumn("customers", F.sum("new_customer").over(number))
        .withColumn("periods", F.sum("new_period").over(number))
        .withColumn("last_of_number", F.max("time").over(number))
        # Several invoices: a customer's lines fall apart in time, or all customers' lines together do.
        .withColumn("reused", (F.col("periods") > 1) & ((F.col("periods") > F.col("customers")) | F.max("gap").over(number)))
        .withColumn("reused_numbers", (F.col("early") & F.col("reused") & first).cast("int"))
        .withColumn("purchase_invoices", first_with("bought_lines", period))
        .withColumn("merged_invoices", first_with("merged_lines", customer))
        .withColumn("before", F.lit(False) if cut is None else F.col("early") & (settled < cut))
        .withColumn("merged_before", F.lit(False) if cut is None else F.col("last_of_number") < cut)
        .drop("new_customer", "is_bought", "gap_sold", "gap_sold_to_one", "soon", "apart", "new_period", "period", "gap")
        .drop("customers", "periods", "last_of_number", "reused")
    )


def fold_customers(moments, before_cut=False):
    """A row for each customer, `CustomerAggregate` of packages/invoices; of the invoices before the cut alone, or of all."""
    counted = moments.where("early and customer_id is not null")
    if before_cut:
        merged = [F.when(F.col("merged_before"), F.col(name)).otherwise(0).alias(name) for name in MERGED]
        others = [name for name in moments.columns if name not in MERGED]
        counted = counted.where("before").select(*others, *merged)
    return counted.groupBy("customer_id").agg(
        F.coalesce(F.max("country")["country"], F.lit("Unspecified")).alias("country"),
        F.sum("purchase_invoices").alias("purchase_invoices"),
        F.max(F.when(F.col("bought_lines") > 0, F.col("time"))).alias("last_purchase"),
        F.sum("sales_amount").alias("sales_amount"),
        F.sum("net_amount").alias("net_amount"),
        F.sum("merged_invoices").alias("merged_invoices"),
        F.max(F.when(F.col("merged_lines") > 0, F.col("time"))).alias("merged_last_line"),
        F.sum("merged_amount").cast(AMOUNT).alias("merged_amount"),
    )


def total(moments, product_code):
    """What all lines together come to; moments in milliseconds since 1970, null where there is none."""
    row = moments.agg(
        *[F.sum(f"{name}_{what}").alias(f"{name}_{what}") for name in (*BINS, "later") for what in ("lines", "amount")],
        *[
            fold(F.when(F.col(side), F.col("time"))).alias(f"{name}_{side}")
            for side in ("early", "before")
            for name, fold in (("first", F.min), ("last", F.max))
        ],
        F.sum("reused_numbers").alias("reused_numbers"),
    ).first()
    counted = [name for name in BINS if product_code or name != "not_a_product"]

    def sums(name):
        return {"lines": row[f"{name}_lines"] or 0, "amount": plain(row[f"{name}_amount"])}

    return {
        "lines": sum(row[f"{name}_lines"] or 0 for name in BINS),
        "reused_numbers": row["reused_numbers"] or 0,
        "later": sums("later"),
        "first_invoice": row["first_early"],
        "last_invoice": row["last_early"],
        "first_before": row["first_before"],
        "last_before": row["last_before"],
        "ledger": [{"bin": name, **sums(name)} for name in counted],
    }


def plain(amount):
    """A decimal as text, without an exponent and without zeros at its end."""
    text = format(amount or Decimal(0), "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text
