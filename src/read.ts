import type { AwsSession } from "@keyspaces-segmentation/aws-session";
import { formatPlural } from "@keyspaces-segmentation/common";
import { computeFeatures, type SparkFeatures } from "@keyspaces-segmentation/glue-features";
import {
  lookAtTable,
  readInvoiceLines,
  readTable,
  readText,
  type TableRead,
} from "@keyspaces-segmentation/invoice-store";
import { customerRemarks, numberRemarks, reconcile } from "@keyspaces-segmentation/invoices";
import type { KeyspacesClient } from "@keyspaces-segmentation/keyspaces-bulk";
import {
  type DataFrame,
  interruptible,
  markdown,
  showTable,
  text,
  toFrame,
} from "@keyspaces-segmentation/notebook-charts";
import { type RunInputs, registryOf } from "./assign.js";
import { type Loaded, rowsOf } from "./load.js";
import type { Settings } from "./settings.js";
import { runStep } from "./step.js";

/** What the table was found to hold. */
export interface Read extends TableRead {
  /** What Spark has read and left in S3; null where it was read here. */
  readonly spark: SparkFeatures | null;
}

/**
 * Step 6: reads the table, or what has changed since the last run, folds its lines into customers, and says whose lines they are. A whole
 * read is cut a quarter before the last invoice, for the backtest of part 2. Lines behind the analysis date, where one is set, are left out.
 * With `engine` spark, Spark reads all of it, and of more customers than `sparkSample` that many come back.
 *
 * @throws StepError when a request fails for good
 */
export async function read(
  db: KeyspacesClient,
  session: AwsSession,
  { preflight, loaded }: Pick<RunInputs, "preflight" | "loaded">,
  settings: Settings,
): Promise<Read> {
  const { parameters, costs } = settings;
  const { analysisDate, table } = parameters;
  costs.begin("read");
  const before = costs.readUnitsOf("read");
  const unitsOfScan = (rows: number) => costs.meter.unitsOfScan(table, rows);
  const isContinued = loaded.reused || loaded.loads.length > 1;
  const bySpark = async (options: Parameters<typeof computeFeatures>[2]): Promise<Read> => {
    const { conflicts, cut, rows, rules } = await lookAtTable(db, parameters, { analysisDate });
    for (const remark of costs.beginWholeRead(rows)) markdown`${remark}`;
    const request = { settings, place: preflight, rules, cut, rows, rowBytes: costs.meter.meanBytes(table) };
    const spark = await computeFeatures(session, request, options);
    costs.meter.onReadUnits(spark.readUnits);
    const whyWhole = isContinued && parameters.read === "changed" ? "Spark reads all of it each time" : null;
    const whyNotKept = parameters.cleanUp ? null : "Spark has read the table";
    return { ...spark, spark, conflicts, newInvoices: null, whyWhole, whyNoCut: null, whyNotKept };
  };
  const scan = await runStep(
    "Read",
    async ({ signal, update }): Promise<Read> => {
      if (parameters.engine === "spark") return bySpark({ signal, update });
      const found = await readTable(db, session, registryOf(settings, preflight), {
        read: parameters.read,
        keep: !parameters.cleanUp,
        isContinued,
        unitsOfScan,
        beginWholeRead: (rows) => void costs.beginWholeRead(rows),
        analysisDate,
        signal,
        onProgress: ({ fraction, rows }) => update({ fraction, text: text`${rows} rows` }),
      });
      return { ...found, spark: null };
    },
    ({ lines, aggregate, requests, serial, spark }) => {
      const how = spark ? text` of ${spark.ranges} token ranges, by Spark` : serial ? `, ${serial}` : "";
      return text`${lines} rows of ${spark?.customersWithLines ?? aggregate.customers.length} customers in ${requests} pages${how}`;
    },
  );
  for (const conflict of scan.conflicts) markdown`${conflict}`;
  markdown`${readText(scan, { spent: costs.readUnitsOf("read") - before, whole: unitsOfScan(scan.lines) })}`;
  const earlier = scan.lines - rowsOf(loaded);
  if (earlier === 0) markdown`**${scan.lines} rows** came back: all of them are lines of this file.`;
  else
    markdown`**${scan.lines} rows** came back: ${earlier} of them are **from other files only**, and count below as well.`;
  const { later } = scan;
  if (analysisDate !== null && later.lines > 0)
    markdown`**${formatPlural(later.lines, "row")}** (${loaded.money.exact(later.amount)}) are later than ${analysisDate}, the analysis date: they are in the ledger and in no customer.`;
  for (const remark of numberRemarks(scan)) markdown`${remark}`;
  if (scan.spark?.sample)
    markdown`**${scan.spark.sample.size} of the ${scan.spark.customers} customers** with features are looked at here, drawn at random (\`sparkSample\`): tables, statistics and charts are about them. Training, clusters and the tables of results take everybody.`;
  else
    for (const remark of customerRemarks(scan.aggregate.customers, { names: true }))
      markdown`**Before you believe the figures:** ${remark}`;
  return scan;
}

/** Some lines of the table, those that it gives first, as a danfo DataFrame. @throws StepError when a request fails for good */
export async function sample(
  db: KeyspacesClient,
  { parameters }: Settings,
  { limit }: { limit: number },
): Promise<DataFrame> {
  return toFrame((await interruptible((signal) => readInvoiceLines(db, parameters, { limit, signal }))).lines);
}

/** Shows what became of each line and its money: every line of the file in one bin, before Keyspaces and after. */
export function showLedger(
  { file, money }: Pick<Loaded, "file" | "money">,
  { ledger }: Pick<TableRead, "ledger">,
): void {
  const bins = reconcile(file, ledger);
  const caption = "Every line of the file in one bin, before Keyspaces and after";
  showTable(bins, { caption, limit: bins.length, money });
}
