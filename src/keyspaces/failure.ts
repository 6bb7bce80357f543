import { errors, types } from "cassandra-driver";
import { messageOf, StepError } from "../errors.js";

const { badCredentials, unauthorized } = types.responseErrorCodes;

/** The reasons inside "no host available"; the driver keeps one per host tried. */
export function innermost(error: unknown): unknown {
  const inner = error instanceof errors.NoHostAvailableError ? Object.values(error.innerErrors ?? {}) : [];
  const reason = inner.find((candidate) => candidate instanceof Error) ?? inner[0];
  if (reason !== undefined) return innermost(reason);
  const wrapped = (error as { innerError?: unknown } | undefined)?.innerError;
  return wrapped instanceof Error ? wrapped : error;
}

/** The protocol's error code; undefined when the server did not answer with one. */
export function codeOf(error: unknown): number | undefined {
  const { code, additionalInfo } = innermost(error) as { code?: unknown; additionalInfo?: { code?: number } };
  return typeof code === "number" ? code : additionalInfo?.code;
}

const refused = ["ECONNREFUSED", "EHOSTUNREACH", "ENETUNREACH"];

function hintFor(error: unknown): string | undefined {
  const reason = innermost(error);
  const text = messageOf(reason);
  const systemCode = (reason as { code?: unknown }).code;
  if (codeOf(error) === badCredentials) {
    return (
      "The signature did not convince the service: the secret key or session token is wrong or has expired, the endpoint " +
      "belongs to another region, or this machine's clock is wrong."
    );
  }
  if (codeOf(error) === unauthorized) {
    return "The identity needs cassandra:Select on /keyspace/system*, and Create, Modify, Select and Drop on its own keyspace.";
  }
  if (typeof systemCode === "string" && refused.includes(systemCode)) {
    return "Nothing listens there. Check KEYSPACES_ENDPOINT; on one machine start the stack with `npm run local`.";
  }
  if (systemCode === "ENOTFOUND" || systemCode === "EAI_AGAIN") {
    return "That name is not known. Check the region and KEYSPACES_ENDPOINT, and in a VPC its endpoint and private DNS.";
  }
  if (/certificate|altname|self.signed|unable to verify/i.test(`${String(systemCode)} ${text}`)) {
    return (
      "The server did not prove that it is that host. Set KEYSPACES_CA_FILE to the authority that signed its certificate; " +
      "for Amazon Keyspaces itself leave it unset."
    );
  }
  if (/wrong version number|EPROTO|packet length/i.test(text))
    return "That port does not speak TLS. Keyspaces listens on 9142.";
  if (/timed? ?out|timeout|ECONNRESET|socket was closed|hang up/i.test(`${String(systemCode)} ${text}`)) {
    return "Keyspaces listens on port 9142 with TLS only; 9042 stays silent. Also check security groups and the VPC endpoint.";
  }
  if (/local data center|localDataCenter|data centers?/i.test(text)) return "The endpoint belongs to another region.";
  return undefined;
}

/** Words a failure of driver or service for the reader: the cause inside, and what to do about it. */
export function keyspacesFailure(tried: string, error: unknown): StepError {
  if (error instanceof StepError) return error;
  const reason = innermost(error);
  if (reason instanceof StepError)
    return new StepError({ tried, got: reason.message, ...hintOf(reason), cause: error });
  const hint = hintFor(error);
  return new StepError({ tried, got: messageOf(reason), ...(hint !== undefined && { hint }), cause: error });
}

const hintOf = ({ hint }: StepError): { hint?: string } => (hint === undefined ? {} : { hint });
