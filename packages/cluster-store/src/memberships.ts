import type { AwsSession } from "@keyspaces-segmentation/aws-session";
import { isAboutTheObject, readObject, reasonOf } from "@keyspaces-segmentation/aws-session";
import { messageOf, type StepError, shellWord, unguarded } from "@keyspaces-segmentation/common";
import type { Membership } from "@keyspaces-segmentation/customer-clusters";
import { isClusterName } from "@keyspaces-segmentation/customer-clusters";
import { RFC_4180, recordSplitter } from "@keyspaces-segmentation/table-files";
import type { Client } from "cassandra-driver";
import { membershipRows } from "./membership_rows.js";

/** Where a run's results are: in its keyspace, and under a prefix of the bucket. */
export interface ResultsOfRun {
  keyspace: string;
  bucket: string;
  /** Without slashes at its ends. */
  prefix: string;
}

const maxBytes = 400 << 20;

export interface MembershipsOptions {
  /** Told of a file that is left out because it is damaged or may not be read. */
  onLeftOut: (note: { message: string }) => void;
}

/**
 * Which customer was in which cluster in an earlier run: from Keyspaces where all of them are still there, else from the file that the
 * run left in S3. Null where both are gone, or the file cannot be read.
 *
 * @throws StepError when Keyspaces or S3 refuses
 */
export async function membershipsOfRun(
  keyspaces: Client,
  aws: AwsSession,
  { keyspace, bucket, prefix }: ResultsOfRun,
  { runId }: { runId: string },
  { onLeftOut }: MembershipsOptions,
): Promise<Membership[] | null> {
  const stored = await membershipRows(keyspaces, { keyspace }, runId);
  if (stored !== null) return stored;
  const file = { bucket, key: `${prefix}/${runId}/results/customers.csv` };
  const uri = `s3://${bucket}/${file.key}`;
  const leaveOut = (reason: string): null => {
    onLeftOut({
      message: `Left out the customers of the last run in ${uri}: ${reason}. To delete it: aws s3 rm ${shellWord(uri)}`,
    });
    return null;
  };
  let bytes: Uint8Array;
  try {
    bytes = await readObject(aws, file, { maxBytes });
  } catch (error) {
    const reason = reasonOf((error as StepError).cause);
    if (reason === "NoSuchKey") return null;
    if (isAboutTheObject(reason)) return leaveOut(messageOf((error as StepError).cause));
    throw error;
  }
  try {
    return membershipsIn(bytes);
  } catch (error) {
    return leaveOut(messageOf(error));
  }
}

/** The customers and clusters in a `customers.csv`. @throws Error saying what is wrong with it */
function membershipsIn(bytes: Uint8Array): Membership[] {
  const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  const [header, ...records] = recordSplitter(RFC_4180)(text, true);
  const columns = ["customer_id", "monetary", "cluster", "cluster_name"].map((name) => {
    const column = header?.fields.indexOf(name) ?? -1;
    if (column < 0) throw new Error(`it has no column ${name}`);
    return column;
  });
  const seen = new Set<string>();
  return records.map(({ fields, lineNumber, problem }) => {
    const [customerId = "", monetary = "", cluster = "", name = ""] = columns.map((column) => fields[column] ?? "");
    const isSound = /^-?\d[\d.e+-]*$/.test(monetary) && Number.isFinite(Number(monetary)) && /^\d{1,15}$/.test(cluster);
    if (problem !== undefined || !isSound || customerId === "" || !isClusterName(name) || seen.has(customerId)) {
      throw new Error(`its line ${lineNumber} is not a customer with a cluster, or repeats one`);
    }
    seen.add(customerId);
    return {
      customerId: unguarded(customerId),
      cluster: { id: Number(cluster), name: unguarded(name) },
      monetary: Number(monetary),
    };
  });
}
