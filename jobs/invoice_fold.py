"""
Invoice lines folded into customers, as packages/invoices folds them: what each line counts as, what each customer's lines come to for
every preparation, and what all of them come to. Amounts are decimals of 20 places throughout.
"""

from decimal import Decimal

from pyspark.sql import functions as F
from pyspark.sql.types import DecimalType

BINS = ("no_customer", "cancelled", "quantity_not_positive", "price_not_positive", "not_a_product", "purchase")
DAY_MS = 86_400_000
AMOUNT = DecimalType(38, 20)
LINES = (
    "invoice string, stock_code string, line int, quantity decimal(38,20), invoice_date timestamp, "
    "price decimal(38,20), customer_id string, country string"
)


def read_lines(spark, keyspace, table, consistency, ranges):
    """The table's lines, with `amount`, the exact product of quantity and price, and `time`, milliseconds since 1970."""
    spark.udf.registerJavaFunction("exact_product", "keyspaces.Exact", AMOUNT)
    return (
        spark.read.format("keyspaces.TableSource")
        .schema(LINES)
        .option("keyspace", keyspace)
        .option("table", table)
        .option("consistency", consistency)
        .option("ranges", ranges)
        .option("required", "quantity,invoice_date,price")
        .load()
        .withColumn("amount", F.expr("exact_product(quantity, price)"))
        .withColumn("time", F.expr("unix_millis(invoice_date)"))
    )


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


# Lines of one number and one customer are of one invoice as long as less than a day lies from one to the next in time.
PERIODS = f"""aggregate(
  {{moments}},
  named_struct('last', cast(null as bigint), 'periods', 0, 'purchases', 0, 'counted', false),
  (so_far, moment) -> if(
    so_far.last is null or moment.time - so_far.last >= {DAY_MS},
    named_struct('last', moment.time, 'periods', so_far.periods + 1,
      'purchases', so_far.purchases + int(moment.purchase), 'counted', moment.purchase),
    named_struct('last', moment.time, 'periods', so_far.periods,
      'purchases', so_far.purchases + int(moment.purchase and not so_far.counted), 'counted', so_far.counted or moment.purchase)))"""


def fold_invoices(lines, until):
    """
    A row for each invoice number and customer, nobody included: what the lines of the one on the other come to. `until`, in
    milliseconds since 1970, leaves lines of this moment and later out of everything but the bins.
    """
    early = F.lit(True) if until is None else F.col("time") < until
    purchase = F.col("bin").isin("purchase", "not_a_product")
    # Of lines that repeat a stock code, the one that a table keyed by (invoice, stock code) keeps.
    last_of_code = F.expr("early and line = max(if(early, line, null)) over (partition by invoice, stock_code)")
    marked = (
        # All that follows is about whole invoices: one exchange is enough for it.
        lines.repartition("invoice")
        .withColumn("early", early)
        .withColumn("purchase", F.col("early") & purchase)
        .withColumn("merged", last_of_code)
    )

    def of(condition, column):
        return F.when(F.col(condition), F.col(column))

    def amount(condition):
        return F.coalesce(F.sum(F.when(condition, F.col("amount"))), F.lit(0).cast(AMOUNT))

    bins = [
        column
        for name in BINS
        for column in (
            F.count(F.when(F.col("bin") == name, 1)).alias(f"{name}_lines"),
            amount(F.col("bin") == name).alias(f"{name}_amount"),
        )
    ]
    known_country = F.col("early") & F.col("country").isNotNull()
    notes = marked.groupBy("invoice", "customer_id").agg(
        *bins,
        F.count(F.when(~F.col("early"), 1)).alias("later_lines"),
        amount(~F.col("early")).alias("later_amount"),
        F.min(of("early", "time")).alias("first_line"),
        F.max(of("early", "time")).alias("last_line"),
        F.array_sort(F.collect_set(F.when(F.col("early"), F.struct("time", "purchase")))).alias("moments"),
        F.max(of("purchase", "time")).alias("last_purchase"),
        amount(F.col("purchase")).alias("sales_amount"),
        amount(F.col("early")).alias("net_amount"),
        # The latest line decides; in the same moment that with the higher invoice, then stock code, then repeat.
        F.max(F.when(known_country, F.struct("time", "invoice", "stock_code", "line", "country"))).alias("country"),
        F.count(F.when(F.col("merged"), 1)).alias("merged_lines"),
        F.max(of("merged", "time")).alias("merged_last_line"),
        amount(F.col("merged")).alias("merged_amount"),
    )
    return notes.withColumn("told_apart", F.expr(PERIODS.format(moments="moments")))


def fold_customers(notes):
    """A row for each customer, `CustomerAggregate` of packages/invoices."""
    return (
        notes.where("customer_id is not null and first_line is not null")
        .groupBy("customer_id")
        .agg(
            F.coalesce(F.max("country")["country"], F.lit("Unspecified")).alias("country"),
            F.sum("told_apart.purchases").alias("purchase_invoices"),
            F.max("last_purchase").alias("last_purchase"),
            F.sum("sales_amount").alias("sales_amount"),
            F.sum("net_amount").alias("net_amount"),
            F.count(F.when(F.col("merged_lines") > 0, 1)).alias("merged_invoices"),
            F.max("merged_last_line").alias("merged_last_line"),
            F.sum("merged_amount").alias("merged_amount"),
        )
    )


def total(notes, product_code):
    """What all lines together come to."""
    early = F.when(F.col("first_line").isNotNull(), F.struct("moments", "told_apart"))
    numbers = (
        notes.groupBy("invoice")
        .agg(
            *[F.sum(f"{name}_{what}").alias(f"{name}_{what}") for name in (*BINS, "later") for what in ("lines", "amount")],
            F.min("first_line").alias("first_line"),
            F.max("last_line").alias("last_line"),
            F.count(early).alias("customers"),
            F.sum(early["told_apart"]["periods"]).alias("periods"),
            F.array_sort(F.flatten(F.collect_list("moments"))).alias("moments"),
        )
        .withColumn("together", F.expr(f"({PERIODS.format(moments='moments')}).periods"))
        # Several invoices: a customer's lines fall apart in time, or all customers' lines together do.
        .withColumn("reused", F.expr("periods > 1 and not (periods = customers and together = 1)"))
    )
    row = numbers.agg(
        *[F.sum(f"{name}_{what}").alias(f"{name}_{what}") for name in (*BINS, "later") for what in ("lines", "amount")],
        F.min("first_line").alias("first_line"),
        F.max("last_line").alias("last_line"),
        F.count(F.when(F.col("reused"), 1)).alias("reused_numbers"),
    ).first()
    counted = [name for name in BINS if product_code or name != "not_a_product"]

    def sums(name):
        return {"lines": row[f"{name}_lines"] or 0, "amount": plain(row[f"{name}_amount"])}

    return {
        "lines": sum(row[f"{name}_lines"] or 0 for name in BINS),
        "reused_numbers": row["reused_numbers"],
        "later": sums("later"),
        "first_invoice": row["first_line"],
        "last_invoice": row["last_line"],
        "ledger": [{"bin": name, **sums(name)} for name in counted],
    }


def plain(amount):
    """A decimal as text, without an exponent and without zeros at its end."""
    text = format(amount or Decimal(0), "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text
