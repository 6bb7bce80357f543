import { messageOf, StepError } from "@keyspaces-segmentation/common";
import { errors, types } from "cassandra-driver";

const { badCredentials, unauthorized, writeTimeout, readTimeout, overloaded } = types.responseErrorCodes;

/** All connections are gone, and the last attempt to open one failed. */
export class ConnectionLost extends errors.NoHostAvailableError {
  /** The endpoint, the region and who we are. */
  readonly to: string;

  constructor(to: string, reason: unknown) {
    super({ [to]: reason });
    this.to = to;
  }
}

/** The reasons inside "no host available"; the driver keeps one per host tried. An answer of the service tells most. */
export function innermost(error: unknown): unknown {
  const inner = error instanceof errors.NoHostAvailableError ? Object.values(error.innerErrors ?? {}) : [];
  const isError = (candidate: unknown) => candidate instanceof Error;
  const reason = inner.find((candidate) => isError(candidate) && codeOf(candidate)) ?? inner.find(isError) ?? inner[0];
  if (reason !== undefined && reason !== null) return innermost(reason);
  const wrapped = (error as { innerError?: unknown } | undefined)?.innerError;
  return wrapped instanceof Error ? wrapped : error;
}

/** The protocol's error code; undefined when the server did not answer with one. */
export function codeOf(error: unknown): number | undefined {
  const { code, additionalInfo } = Object(innermost(error)) as { code?: unknown; additionalInfo?: { code?: number } };
  return typeof code === "number" ? code : additionalInfo?.code;
}

/** What the identity must be allowed to do for a statement, by its first word. */
const actions: Readonly<Record<string, string>> = {
  SELECT: "Select",
  INSERT: "Modify",
  UPDATE: "Modify",
  DELETE: "Modify",
  MODIFY: "Modify",
  CREATE: "Create",
  ALTER: "Alter",
  DROP: "Drop",
};

/**
 * Names the missing permission: as the service has named it, else as the statement needs it.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonkeyspacesforapachecassandra.html
 */
function permissionHint(reason: unknown): string {
  const text = messageOf(reason);
  const after = "Open connections learn of a changed policy within ten minutes, new ones at once.";
  const named = /cassandra:\w+/.exec(text)?.[0];
  if (named !== undefined) return `Ask whoever manages the AWS account to allow ${named} on that resource. ${after}`;
  const [, worded = "", place = ""] = /\bno (\w+) permission on <([^>]*)>/.exec(text) ?? [];
  const statement = String((reason as { query?: unknown }).query ?? "");
  const action = actions[(worded || statement.trim().split(/\s/, 1)[0] || "").toUpperCase()];
  if (action === undefined) {
    return (
      "The identity needs cassandra:Select on /keyspace/system*, and Create, Modify, Select and Drop on its own keyspace. " +
      after
    );
  }
  const tags = /\bTAGS\b/.test(statement) ? "The tags given with it need cassandra:TagResource there as well. " : "";
  return `The identity needs cassandra:${action} on ${resourceIn(place || statement)}. ${tags}${after}`;
}

/** The resource part of an ARN, for what is named after FROM, INTO, UPDATE, TABLE or KEYSPACE; table names are qualified here. */
function resourceIn(cql: string): string {
  const name = /\b(?:from|into|update|table|keyspace)\s+(?:if\s+(?:not\s+)?exists\s+)?("?\w+"?(?:\."?\w+"?)?)/i.exec(
    cql,
  );
  const [keyspace, table] = (name?.[1] ?? "").replaceAll('"', "").split(".");
  if (!keyspace) return "that keyspace or table";
  if (/^system/.test(keyspace)) return "/keyspace/system*";
  return table === undefined ? `/keyspace/${keyspace}/` : `/keyspace/${keyspace}/table/${table}`;
}

/** How the service says that it is asked for too much: there is no code of its own for it. */
export const throttlingCodes: readonly (number | undefined)[] = [writeTimeout, readTimeout, overloaded];
const refused = ["ECONNREFUSED", "EHOSTUNREACH", "ENETUNREACH"];

/** Causes that only the text or the system's code of an error tells; the first that fits counts. */
const causes: readonly { pattern: RegExp; hint: string }[] = [
  {
    pattern: new RegExp(refused.join("|")),
    hint: "Nothing listens there. Check KEYSPACES_ENDPOINT; on one machine start the stack with `npm run local`.",
  },
  {
    pattern: /ENOTFOUND|EAI_AGAIN|No host could be resolved/,
    hint: "That name is not known. Check the region and KEYSPACES_ENDPOINT, and in a VPC its endpoint and private DNS.",
  },
  {
    pattern: /CERT_HAS_EXPIRED|CERT_NOT_YET_VALID|certificate (has expired|is not yet valid)/,
    hint: "The certificate's time is over or not yet come, unless this machine's clock is wrong; the local stack makes a new one at each start.",
  },
  {
    pattern: /altname/i,
    hint: "The server did not prove that it is that host: KEYSPACES_ENDPOINT must be a name that its certificate is for.",
  },
  {
    pattern: /certificate|self.signed|unable to verify/i,
    hint:
      "The server did not prove that it is that host. Set KEYSPACES_CA_FILE to the authority that signed its certificate; " +
      "for Amazon Keyspaces itself leave it unset.",
  },
  {
    pattern: /wrong version number|EPROTO|packet length/i,
    hint: "That port does not speak TLS. Keyspaces listens on 9142.",
  },
  {
    pattern: /timed? ?out|timeout|did not reply|ECONNRESET|EPIPE|socket was closed|disconnected before|hang up/i,
    hint: "Keyspaces listens on port 9142 with TLS only; 9042 stays silent. Also check security groups and the VPC endpoint.",
  },
  { pattern: /local data center|localDataCenter|data centers?/i, hint: "The endpoint belongs to another region." },
  {
    pattern: /after shutdown/,
    hint: "The connection has been closed, as in the notebook's last cell. Connect anew: run the cell that does it again.",
  },
  {
    pattern: /considered as DOWN|No connection available/,
    hint: "The connection is lost, and the driver goes on trying to open it again. Run the cell again in a minute.",
  },
];

function hintFor(reason: unknown): string | undefined {
  const code = codeOf(reason);
  if (code === badCredentials) {
    return (
      "The signature did not convince the service: the secret key or session token is wrong or has expired, the endpoint " +
      "belongs to another region, or this machine's clock is wrong."
    );
  }
  if (code === unauthorized) return permissionHint(reason);
  if (throttlingCodes.includes(code)) {
    return "Timeouts are how Keyspaces throttles: look at its WriteThrottleEvents and ReadThrottleEvents in CloudWatch.";
  }
  if (code !== undefined) return undefined;
  const text = `${String((reason as { code?: unknown } | undefined)?.code)} ${messageOf(reason)}`;
  return causes.find(({ pattern }) => pattern.test(text))?.hint;
}

/** A failure of driver or service in words: the cause inside, to where no connection is left, and what to do about it. */
export function describeFailure(error: unknown): { got: string; hint?: string } {
  const reason = innermost(error);
  const text = messageOf(reason).replace(/\.$/, "");
  const got = error instanceof ConnectionLost ? `there is no connection left to ${error.to}: ${text}` : text;
  const hint = reason instanceof StepError ? reason.hint : hintFor(reason);
  return { got, ...(hint !== undefined && { hint }) };
}

/** Words a failure of driver or service for the reader: the cause inside, and what to do about it. */
export function keyspacesFailure(tried: string, error: unknown): StepError {
  return error instanceof StepError ? error : new StepError({ tried, ...describeFailure(error), cause: error });
}
