import type { AwsSession } from "@keyspaces-segmentation/aws-session";
import { formatPlural, pluralForm, StepError } from "@keyspaces-segmentation/common";
import { computeFeatures } from "@keyspaces-segmentation/glue-features";
import {
  countingOf,
  readInvoiceLines,
  readTable,
  readText,
  refuseStoppedLoads,
  type TableRead,
} from "@keyspaces-segmentation/invoice-store";
import { customerRemarks, reconcile } from "@keyspaces-segmentation/invoices";
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

/**
 * Step 6: reads the table, or what has changed since the last run, folds its lines into customers, and says whose lines they are. A whole
 * read is cut a quarter before the last invoice, for the backtest of part 2. Lines behind the analysis date, where one is set, are left out.
 * With `engine` spark, Spark reads all of it.
 *
 * @throws StepError when a request fails for good
 */
export async function read(
  db: KeyspacesClient,
  session: AwsSession,
  { preflight, loaded }: Pick<RunInputs, "preflight" | "loaded">,
  settings: Settings,
): Promise<TableRead> {
  const { parameters, costs } = settings;
  const { analysisDate } = parameters;
  // A cell that has failed leaves its name without a value.
  if (loaded === undefined)
    throw new StepError({
      tried: "read the table",
      got: "step 5 has not loaded a file",
      hint: "Run step 5 to its end first.",
    });
  costs.begin("read");
  const unitsOfScan = (rows: number) => costs.meter.unitsOfScan(parameters.table, rows);
  const bySpark = async (options: Parameters<typeof computeFeatures>[2]): Promise<TableRead> => {
    await refuseStoppedLoads(db, parameters);
    const { conflicts, cut, rules } = countingOf(loaded.loads, { analysisDate });
    const made = await computeFeatures(session, { settings, place: preflight, rules, cut }, options);
    costs.meter.onRead({ table: parameters.table, rows: made.lines, localOne: false });
    const whyNotKept = parameters.cleanUp ? null : "Spark has read the table";
    const serial = "or more: Spark tells its token ranges only";
    return { ...made, serial, conflicts, newInvoices: null, whyWhole: null, whyNoCut: null, whyNotKept };
  };
  const scan = await runStep(
    "Read",
    ({ signal, update }): Promise<TableRead> =>
      parameters.engine === "spark"
        ? bySpark({ signal, update })
        : readTable(db, session, registryOf(settings, preflight), {
            read: parameters.read,
            keep: !parameters.cleanUp,
            isContinued: loaded.reused || loaded.loads.length > 1,
            unitsOfScan,
            analysisDate,
            signal,
            onProgress: ({ fraction, rows }) => update({ fraction, text: text`${rows} rows` }),
          }),
    ({ lines, aggregate, requests, serial }) =>
      text`${lines} rows of ${aggregate.customers.length} customers in ${requests} pages${serial ? `, ${serial}` : ""}`,
  );
  for (const conflict of scan.conflicts) markdown`${conflict}`;
  markdown`${readText(scan, { spent: costs.readUnitsOf("read"), whole: unitsOfScan(scan.lines) })}`;
  const earlier = scan.lines - rowsOf(loaded);
  if (earlier === 0) markdown`**${scan.lines} rows** came back: all of them are lines of this file.`;
  else
    markdown`**${scan.lines} rows** came back: ${earlier} of them are **from other files only**, and count below as well.`;
  const { later, reusedNumbers } = scan;
  if (analysisDate !== null && later.lines > 0) {
    markdown`**${formatPlural(later.lines, "row")}** (${loaded.money.exact(later.amount)}) are later than ${analysisDate}, the analysis date: they are in the ledger and in no customer.`;
  }
  if (reusedNumbers > 0) {
    markdown`**${formatPlural(reusedNumbers, "invoice number")}** ${pluralForm(reusedNumbers, "names", "name")} more than one invoice: a day or more apart, lines of one number are told apart, and each invoice counts.`;
  }
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
  showTable(bins, {
    caption: "Every line of the file in one bin, before Keyspaces and after",
    limit: bins.length,
    money,
  });
}
