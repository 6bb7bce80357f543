import { type Cleaned, cleanUp } from "@keyspaces-segmentation/aws-cleanup";
import type { AwsSession } from "@keyspaces-segmentation/aws-session";
import { removeFeatures } from "@keyspaces-segmentation/glue-features";
import type { KeyspacesClient } from "@keyspaces-segmentation/keyspaces-bulk";
import { interruptible, showTable } from "@keyspaces-segmentation/notebook-charts";
import type { Clustering } from "./assign.js";
import type { RetailTable } from "./create.js";
import type { RetailData } from "./retail_data.js";

/** What the run has made. */
interface Made {
  readonly retail: RetailTable;
  readonly data: RetailData;
}

/**
 * Step 9: removes what the walkthrough has made, if the parameter `cleanUp` says so, and shows what was removed and what is left.
 *
 * @throws StepError naming what could not be removed, once the rest is
 */
export async function remove(
  db: KeyspacesClient,
  session: AwsSession,
  { runId, inputs }: Pick<Clustering, "runId" | "inputs">,
  { retail, data }: Made,
): Promise<void> {
  const { settings, preflight, training } = inputs;
  const { parameters, costs } = settings;
  const { bucket } = preflight;
  costs.begin("cleanUp");
  const { keyspace, table, invoices } = retail;
  const made = {
    keyspace,
    table,
    bucket,
    prefix: parameters.prefix,
    run: runId,
    job: training.job,
    isEarlierTraining: !training.isOwn,
    dataFile: data.path,
    invoices,
    cleanUp: parameters.cleanUp,
  };
  const show = (cleaned: readonly Cleaned[]) =>
    showTable(cleaned, { caption: "What was removed, and what is left", limit: cleaned.length });
  await interruptible((signal) => {
    const also = (tableStays: boolean) => removeFeatures(session, { bucket, parameters, tableStays }, { signal });
    return cleanUp(db, session, made, { also, show, signal });
  });
}
