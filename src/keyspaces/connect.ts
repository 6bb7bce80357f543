import { readFile } from "node:fs/promises";
import { isIP } from "node:net";
import { type ConnectionOptions, checkServerIdentity, type PeerCertificate } from "node:tls";
import { type Client, policies, types } from "cassandra-driver";
import type { AwsSession } from "../aws/session.js";
import { messageOf, StepError } from "../errors.js";
import type { Endpoint, Settings } from "../settings.js";
import { keyspacesFailure } from "./failure.js";
import { PackingClient } from "./packed_batches.js";
import { sigV4AuthProvider } from "./sigv4.js";

/**
 * The public endpoint of Keyspaces in a region.
 *
 * @see https://docs.aws.amazon.com/keyspaces/latest/devguide/programmatic.endpoints.html
 */
export function endpointOf(region: string): Endpoint {
  const suffix = region.startsWith("cn-") ? "amazonaws.com.cn" : "amazonaws.com";
  return { host: `cassandra.${region}.${suffix}`, port: 9142 };
}

/**
 * The driver does not verify certificates unless told to. The name to verify is the endpoint's, also on connections to the other
 * addresses that it announces: hence `servername`, which must not be an address, or for an address our own check.
 */
async function strictTls(host: string, caFile: string | null): Promise<ConnectionOptions> {
  const name = isIP(host)
    ? {
        checkServerIdentity: (_dialled: string, certificate: PeerCertificate) => checkServerIdentity(host, certificate),
      }
    : { servername: host };
  if (caFile === null) return { ...name, rejectUnauthorized: true };
  try {
    return { ...name, rejectUnauthorized: true, ca: await readFile(caFile) };
  } catch (cause) {
    const hint = "KEYSPACES_CA_FILE must be a PEM file; for Amazon Keyspaces itself leave it unset.";
    throw new StepError({ tried: `read the certificate authorities in ${caFile}`, got: messageOf(cause), hint, cause });
  }
}

/**
 * Connects to Amazon Keyspaces: TLS with a verified certificate, SigV4, and LOCAL_QUORUM, the one level at which it accepts writes.
 *
 * The driver neither retries nor waits; see `withRetries`. Statements are prepared unless told otherwise, as they are DML mostly.
 *
 * @returns the driver's own client, connected; call `shutdown()` when done
 * @throws StepError naming endpoint, region, identity and the likely cause
 */
export async function connectToKeyspaces(
  aws: AwsSession,
  settings: Pick<Settings, "keyspacesEndpoint" | "keyspacesCaFile">,
): Promise<Client> {
  const { host, port } = settings.keyspacesEndpoint ?? endpointOf(aws.region);
  const client = new PackingClient({
    contactPoints: [`${host}:${port}`],
    localDataCenter: aws.region,
    // More would cost one refused connection attempt each time.
    protocolOptions: { port, maxVersion: types.protocolVersion.v4 },
    sslOptions: await strictTls(host, settings.keyspacesCaFile),
    authProvider: sigV4AuthProvider(aws),
    queryOptions: { consistency: types.consistencies.localQuorum, isIdempotent: true, prepare: true },
    policies: {
      // The announced hosts are load balancers: there is no ring to be aware of.
      loadBalancing: new policies.loadBalancing.DCAwareRoundRobinPolicy(aws.region),
      retry: new policies.retry.FallthroughRetryPolicy(),
    },
    pooling: { coreConnectionsPerHost: { [types.distance.local]: 2 } },
    // The service shares prepared statements among its hosts.
    prepareOnAllHosts: false,
    rePrepareOnUp: false,
    isMetadataSyncEnabled: false,
    monitorReporting: { enabled: false },
  });
  try {
    await client.connect();
    return client;
  } catch (error) {
    await client.shutdown().catch(() => undefined);
    throw keyspacesFailure(`connect to Amazon Keyspaces at ${host}:${port} in ${aws.region} as ${aws.arn}`, error);
  }
}
