import { type AwsSession, uploadFiles } from "@keyspaces-segmentation/aws-session";
import { createResultTables, registerRun, saveClusters } from "@keyspaces-segmentation/cluster-store";
import { aloneIn } from "@keyspaces-segmentation/common";
import { clustersToRegister } from "@keyspaces-segmentation/customer-clusters";
import type { CustomerScan } from "@keyspaces-segmentation/invoice-store";
import type { KeyspacesClient } from "@keyspaces-segmentation/keyspaces-bulk";
import { interruptible, markdown } from "@keyspaces-segmentation/notebook-charts";
import { type Clustering, registryOf } from "./assign.js";
import type { ReadableData } from "./download.js";
import { writeResults } from "./result_files.js";
import { buildSummary } from "./summary.js";

/** Where its lines came from. */
interface Source {
  readonly data: ReadableData;
  readonly scan: CustomerScan;
}

/**
 * Keeps what was found: as tables in Keyspaces, as files here and in S3, and last as what the next run needs to know these clusters
 * again, so that it never points at something that is missing.
 *
 * @throws StepError naming what could not be stored
 */
export async function keep(
  db: KeyspacesClient,
  session: AwsSession,
  clustering: Clustering,
  { data, scan }: Source,
): Promise<void> {
  const { settings, preflight, loaded, training, analysisDate } = clustering.inputs;
  const { parameters, costs } = settings;
  const { runId, runDate, customers, clusters, everybody, isSample } = clustering;
  const { stored, found, identities, lastRun, moved, madeOf } = clustering;
  costs.beginKeep(everybody.customers, { isStored: stored !== null });
  const { keyspace, resultsTtlDays, outputDirectory, prefix, kmsKey, maxRowsPerSecond } = parameters;
  await interruptible((signal) => createResultTables(db, { keyspace, resultsTtlDays }, { kmsKey, signal }));
  // What Spark has stored need not be stored again.
  const run = { runId, runDate, customers: stored ? [] : customers, profiles: clusters };
  const saved = await interruptible((signal) =>
    saveClusters(db, { keyspace, resultsTtlDays }, run, { maxRowsPerSecond, signal }),
  );
  markdown`Stored ${everybody.customers} customers and ${saved.clusters} clusters of run \`${runId}\` in \`${keyspace}\`.`;
  const summary = buildSummary(settings, {
    dataset: data,
    write: loaded,
    read: scan,
    bins: scan.ledger,
    asOf: analysisDate,
    job: training,
    runId,
    assigned: everybody,
    profiles: clusters,
    known: lastRun,
    identities,
    moved,
    costs: costs.summary(),
  });
  const target = { bucket: preflight.bucket, prefix: `${prefix}/${runId}/results/` };
  const files = await aloneIn(outputDirectory, async () => {
    const written = await writeResults(outputDirectory, { summary, customers, profiles: clusters }, { isSample });
    const all = [...written, loaded.rejectsFile];
    await interruptible((signal) => uploadFiles(session, target, all, { kmsKey, signal }));
    return all;
  });
  markdown`${files.length} files are in \`${outputDirectory}\` and in \`s3://${target.bucket}/${target.prefix}\`.`;
  if (stored) markdown`The cluster of every customer is in \`${stored.uri}\` as well, as Spark has written it.`;
  const known = clustersToRegister(runId, found, identities);
  const { loads, preparation } = madeOf;
  const kept = await registerRun(db, session, registryOf(settings, preflight), known, {
    loads,
    preparation,
    now: new Date(),
  });
  markdown`The next run recognises these clusters by \`${kept}\` and by the table \`known_clusters\` in \`${keyspace}\`.`;
}
