import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { isIP } from "node:net";
import { connect } from "node:tls";
import type { AwsSession } from "@keyspaces-segmentation/aws-session";
import { messageOf, StepError, within } from "@keyspaces-segmentation/common";
import {
  connectToKeyspaces,
  type Endpoint,
  endpointFor,
  type KeyspacesClient,
  type KeyspacesSettings,
  qualified,
} from "@keyspaces-segmentation/keyspaces-bulk";
import { attempt, type Check, type Outcome } from "./check.js";
import type { Needs } from "./needs.js";
import type { Answer } from "./permissions.js";

/** Milliseconds for a certificate to come. */
const patienceMs = 10_000;

/** Whose certificate answers, and until when it is good. Nothing is sent. @throws StepError */
async function checkCertificate({ host, port }: Endpoint, caFile: string | null): Promise<Outcome<boolean>> {
  const tried = `reach Keyspaces at ${host}:${port}`;
  try {
    const ca = caFile === null ? {} : { ca: await readFile(caFile) };
    // It is looked at whatever it is; connections to the service itself are refused with a wrong one.
    const name = isIP(host) ? {} : { servername: host };
    const socket = connect({ host, port, rejectUnauthorized: false, ...name, ...ca });
    socket.on("error", () => undefined);
    try {
      await within(patienceMs, once(socket, "secureConnect"));
      const { subject, valid_to: until = "" } = socket.getPeerCertificate();
      const whose = `${host}:${port}, certificate of ${subject?.CN ?? "nobody"}, good until ${new Date(until).toISOString().slice(0, 10)}`;
      if (socket.authorized) return { value: true, detail: whose };
      const hint =
        "Set KEYSPACES_CA_FILE to the authorities that are to be trusted; for Amazon Keyspaces itself leave it unset, and look for a proxy that opens TLS.";
      throw new StepError({ tried, got: `${whose}, which is not trusted: ${socket.authorizationError}`, hint });
    } finally {
      socket.destroy();
    }
  } catch (cause) {
    if (cause instanceof StepError) throw cause;
    const hint = "Check KEYSPACES_ENDPOINT, that port 9142 is let out, and in a VPC its endpoint for Keyspaces.";
    throw new StepError({ tried, got: messageOf(cause), hint, cause });
  }
}

/** @param isPublic whether it is reached by the public name, which stands for several hosts in a VPC as well */
async function askTheSystem(db: KeyspacesClient, isPublic: boolean): Promise<Outcome<undefined>> {
  const { rows } = await db.execute("SELECT partitioner FROM system.local WHERE key = 'local'");
  const { rowLength: peers } = await db.execute("SELECT peer FROM system.peers");
  const partitioner = String(rows[0]?.partitioner).replace(/^.*\./, "");
  const detail = `partitioner ${partitioner}; system.peers has ${peers}`;
  if (peers > 0 || !isPublic) return { value: undefined, detail };
  const todo =
    "One host takes all requests: in a VPC, allow ec2:DescribeNetworkInterfaces and ec2:DescribeVpcEndpoints, by which Keyspaces finds the others.";
  return { value: undefined, state: "unchecked", detail, todo };
}

/** What selecting from the table comes to, where there is one. */
async function mayRead(db: KeyspacesClient, { keyspace, table }: Needs): Promise<Answer> {
  try {
    await db.execute(`SELECT * FROM ${qualified({ keyspace, table })} LIMIT 1`);
    return "allowed";
  } catch (error) {
    return (error as { code?: number }).code === 0x2100 ? { denied: messageOf(error) } : "unknown";
  }
}

/** What was found out about permissions by connecting. */
export interface KeyspacesAnswers {
  readonly connect: Answer;
  readonly select: Answer;
}

/** Looks at the endpoint, connects, and asks what the service says of itself; adds a line for each. */
export async function checkKeyspaces(
  checks: Check[],
  aws: AwsSession,
  settings: KeyspacesSettings,
  needs: Needs,
): Promise<KeyspacesAnswers> {
  const unknown = { connect: "unknown", select: "unknown" } as const;
  const isThere = await attempt(checks, "Keyspaces endpoint", false, async () => {
    return checkCertificate(await endpointFor(aws, settings), settings.keyspacesCaFile);
  });
  if (!isThere) return unknown;
  let answers: KeyspacesAnswers = unknown;
  await attempt(checks, "Keyspaces", undefined, async () => {
    let db: KeyspacesClient;
    try {
      db = await connectToKeyspaces(aws, settings, { connections: 1 });
    } catch (error) {
      answers = { connect: refusalIn(error), select: "unknown" };
      throw error;
    }
    try {
      answers = { connect: "allowed", select: await mayRead(db, needs) };
      return await askTheSystem(db, settings.keyspacesEndpoint === null);
    } finally {
      await db.shutdown();
    }
  });
  return answers;
}

/** A log-in fails for many reasons; only that of permissions is an answer. */
function refusalIn(error: unknown): Answer {
  const text = messageOf(error);
  return /has no permissions|not authorized to perform/.test(text) ? { denied: text } : "unknown";
}
