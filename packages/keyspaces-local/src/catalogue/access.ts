import { type CatalogueEntry, entry } from "./entry.js";

const PROTOCOL = "https://github.com/apache/cassandra/blob/trunk/doc/native_protocol_v4.spec";
const PERMISSIONS =
  "https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonkeyspacesforapachecassandra.html";

export type AccessCode =
  | "KL-TLS"
  | "KL-SIGNATURE"
  | "KL-PASSWORD"
  | "KL-NO-PERMISSIONS"
  | "KL-PERMISSION"
  | "KL-PROTOCOL"
  | "KL-LOGIN-TIME"
  | "KL-WRITE-CONSISTENCY"
  | "KL-READ-CONSISTENCY"
  | "KL-PEERS";

/** Who comes in, and how. */
export const accessEntries: Readonly<Record<AccessCode, CatalogueEntry>> = {
  "KL-TLS": entry(
    "enforced",
    "encryption-in-transit",
    "TLS",
    "a certificate authority of its own; plain text is refused",
  ),
  "KL-SIGNATURE": entry(
    "enforced",
    "programmatic.drivers",
    "SigV4: key, secret, region, nonce, session token, date within 15 minutes",
    "`Authentication failure: Invalid signature`, for expired credentials too; a connection that is open lives on",
  ),
  "KL-PASSWORD": entry(
    "enforced",
    "programmatic.credentials.ssc",
    "service-specific credentials (user and password)",
    "those that the option `plainUsers` names",
  ),
  "KL-NO-PERMISSIONS": entry(
    "enforced",
    "troubleshooting.connecting",
    "principal without permissions",
    "refused at the log-in, as is one that may not read the system's tables",
  ),
  "KL-PERMISSION": entry(
    "partly",
    PERMISSIONS,
    "permissions by action, keyspace and table",
    "by IAM's policies, where there is an `authoriser`, at each statement but USE and each operation of the control plane; conditions on tags that a resource has are not evaluated and refuse",
  ),
  "KL-PROTOCOL": entry(
    "enforced",
    PROTOCOL,
    "protocol v3 and v4, no compression",
    "frames of up to 16 MB, 64 KB before the log-in; a protocol error, without a code in its text",
  ),
  "KL-LOGIN-TIME": entry("enforced", undefined, "log-in within 10 seconds", "AWS's own limit is not published"),
  "KL-WRITE-CONSISTENCY": entry("enforced", "consistency", "writes at LOCAL_QUORUM only", "QUERY, EXECUTE and BATCH"),
  "KL-READ-CONSISTENCY": entry("enforced", "consistency", "reads, USE and DDL at ONE, LOCAL_ONE or LOCAL_QUORUM"),
  "KL-PEERS": entry(
    "enforced",
    "working-with-keyspaces",
    "load balancers in system.peers, 127.0.0.1 in system.local",
    "only with the option `hardMode`: one node is shown otherwise",
  ),
};
