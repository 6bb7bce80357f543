import { type AwsSession, defaultBucketName } from "@keyspaces-segmentation/aws-session";
import { messageOf, pluralForm, StepError } from "@keyspaces-segmentation/common";
import type { Client } from "cassandra-driver";
import { findLeftovers } from "./find_leftovers.js";
import { choiceOf } from "./options.js";
import { plannedRows, removeLeftovers } from "./remove_leftovers.js";
import { leftoversText } from "./report.js";
import type { Row } from "./rows.js";
import { withStatement } from "./statements.js";

/** Where runs leave something. */
export interface Account {
  /** null: SageMaker's default bucket. */
  readonly bucket: string | null;
  /** Key prefix of all runs, without slashes at its ends. */
  readonly prefix: string;
  /** Folder with the policies of which a refusal names the statement. */
  readonly policies: string;
}

/** What is there, and what became of it, for programs. */
export interface Cleaning {
  readonly region: string;
  readonly bucket: string;
  readonly isDryRun: boolean;
  readonly rows: readonly Row[];
  /** What could not be looked at. */
  readonly unseen: readonly string[];
  /** Runs that have left something, the last first. */
  readonly runs: readonly string[];
  /** Runs that were asked for and have left nothing, or nothing any more. */
  readonly gone: readonly string[];
}

/**
 * Lists what runs have left in an account and, unless it is a dry run, removes it. What cannot be looked at or removed keeps nothing else
 * from it; to go on later, do the same again.
 *
 * @param connect connects to Keyspaces; the connection is closed in the end
 * @param values those of {@link cleanupOptions}
 * @throws StepError where none of the runs that are named has left anything
 */
export async function cleanAccount(
  connect: () => Promise<Client>,
  aws: AwsSession,
  account: Account,
  values: Readonly<Record<string, unknown>> = {},
  { now = () => new Date() }: { now?: () => Date } = {},
): Promise<{ text: string; found: Cleaning; failed: boolean }> {
  const { choice, isDryRun } = choiceOf(values);
  const { prefix, policies } = account;
  const bucket = account.bucket ?? defaultBucketName(aws);
  const { client, unconnected } = await connect().then(
    (connected) => ({ client: connected, unconnected: [] }),
    (error: unknown) => ({ client: null, unconnected: [failureOf(error, policies)] }),
  );
  try {
    const found = await findLeftovers(client, aws, { bucket, prefix, policies }, { choice, now: now() });
    const failures = [...unconnected, ...found.unseen];
    const gone = typeof choice === "object" && failures.length === 0 ? runsGone(choice.runs, found.runs) : [];
    const rows = isDryRun ? plannedRows(found) : await removeLeftovers(found, { policies });
    const unseen = failures.map(({ message, hint = "" }) => `${message} ${hint}`.trim());
    const text = leftoversText(rows, { isDryRun, unseen, gone });
    const failed = unseen.length > 0 || rows.some((row) => row.failed);
    return { text, found: { region: aws.region, bucket, isDryRun, rows, unseen, runs: found.runs, gone }, failed };
  } finally {
    await client?.shutdown();
  }
}

const failureOf = (error: unknown, policies: string): StepError =>
  withStatement(
    error instanceof StepError
      ? error
      : new StepError({ tried: "connect to Amazon Keyspaces", got: messageOf(error), cause: error }),
    policies,
  );

/** Those of the wanted that have left nothing. @throws StepError where none has left anything */
function runsGone(wanted: readonly string[], known: readonly string[]): string[] {
  const gone = wanted.filter((run) => !known.includes(run));
  if (gone.length < wanted.length) return gone;
  const hint = known.length === 0 ? "No run has." : `Those that have: ${known.join(", ")}.`;
  const tried = `clean up after ${pluralForm(gone.length, "run", "runs")} ${gone.join(" and ")}`;
  throw new StepError({ tried, got: gone.length === 1 ? "it has left nothing" : "they have left nothing", hint });
}
