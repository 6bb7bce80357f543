import type { CostSummary } from "@keyspaces-segmentation/aws-costs";
import { type Money, toCoins } from "@keyspaces-segmentation/common";
import type {
  ClusterIdentity,
  ClusterProfile,
  IdentifiedCluster,
  Identities,
  Movement,
  RegisteredClusters,
} from "@keyspaces-segmentation/customer-clusters";
import type { ReadingRow } from "@keyspaces-segmentation/invoice-files";
import type { CustomerScan, LoadReport } from "@keyspaces-segmentation/invoice-store";
import type { FileLedger, LedgerBin, Overlap, Preparation } from "@keyspaces-segmentation/invoices";
import type { TrainingResult } from "@keyspaces-segmentation/sagemaker-kmeans";
import type { ReadableData } from "./download.js";
import { rowsOf } from "./load.js";
import type { Settings } from "./settings.js";

/** What a run did, for programs: becomes `summary.json`. */
export interface Summary {
  /** The run's id, by which Keyspaces and S3 hold its results. */
  run: string;
  dataset: {
    uri: string;
    lines: number;
    generated: boolean;
    /** How the file was read: a decision each, with what speaks for it. */
    reading: readonly ReadingRow[];
  };
  /**
   * `stored` + `rejected` are all lines of the file; `earlier` are rows of the table that are no lines of it, from other files;
   * `overlap` says what of the file was in the table before it was loaded.
   * The bins hold both, `stored` + `earlier` without `file.repeated`, which are rows that are there already, with exact amounts; `file` has every line of the file, the rejected ones too.
   */
  ledger: {
    stored: number;
    rejected: number;
    earlier: number;
    overlap: Overlap;
    bins: readonly LedgerBin[];
    file: FileLedger;
  };
  keyspace: string;
  table: string;
  parameters: { readonly analysisDate: string; readonly preparation: Preparation; readonly currency: string | null };
  customers: number;
  training: { job: string; algorithm: string; k: number; inertia: number; seconds: number };
  clusters: readonly ClusterProfile[];
  /** How the clusters relate to those of the last run; in a first run that is null, and all are new. */
  identity: {
    lastRun: string | null;
    clusters: readonly IdentifiedCluster[];
    gone: readonly ClusterIdentity[];
  };
  /** Who moved since the last run, money to the smallest coin; null in a first run. */
  movement: readonly Movement[] | null;
  /** Estimated before, and counted up to the writing of this; null where nothing was estimated. */
  costs: CostSummary | null;
  /** Requests sent, by kind. */
  requests: Record<string, number>;
  /** Time taken, by step. */
  seconds: Record<string, number>;
}

/** The steps' own reports, from which a summary is put together. */
interface RunReports {
  dataset: ReadableData;
  write: LoadReport & { readonly money: Money };
  read: CustomerScan;
  bins: readonly LedgerBin[];
  /** The analysis date, YYYY-MM-DD. */
  asOf: string;
  job: TrainingResult;
  /** See `runIdOf`. */
  runId: string;
  assigned: { readonly customers: number; readonly inertia: number };
  profiles: readonly ClusterProfile[];
  identities: Identities;
  /** What the last run left; null in a first run. */
  known: Pick<RegisteredClusters, "runId"> | null;
  /** Who moved since then; null in a first run. */
  moved: readonly Movement[] | null;
  costs: CostSummary | null;
}

/** Puts together what `summary.json` says of a run. */
export function buildSummary({ parameters }: Settings, run: RunReports): Summary {
  const { dataset, write, read, bins, asOf, job, runId, assigned, profiles, identities, known, moved } = run;
  return {
    run: runId,
    dataset: {
      uri: dataset.uri,
      lines: write.lines,
      generated: dataset.generated,
      reading: dataset.file.rows,
    },
    ledger: {
      stored: write.stored,
      rejected: write.rejected,
      earlier: read.lines - rowsOf(write),
      overlap: write.overlap,
      bins,
      file: write.file,
    },
    keyspace: parameters.keyspace,
    table: parameters.table,
    parameters: { ...parameters, analysisDate: asOf, currency: write.money.currency },
    customers: assigned.customers,
    training: {
      job: job.job,
      algorithm: "kmeans",
      k: profiles.length,
      inertia: assigned.inertia,
      seconds: job.seconds,
    },
    clusters: profiles,
    identity: {
      lastRun: known?.runId ?? null,
      clusters: identities.clusters.toSorted((a, b) => a.id - b.id),
      gone: identities.gone,
    },
    movement: moved?.map((each) => ({ ...each, monetary: toCoins(each.monetary, write.money) })) ?? null,
    costs: run.costs,
    requests: { ingest: write.requests, read: read.requests },
    seconds: { ingest: write.seconds, read: read.seconds, training: job.seconds },
  };
}
