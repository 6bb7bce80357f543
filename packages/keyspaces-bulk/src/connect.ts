import { readFile } from "node:fs/promises";
import { isIP } from "node:net";
import { type ConnectionOptions, checkServerIdentity, type PeerCertificate } from "node:tls";
import type { AwsSession } from "@keyspaces-segmentation/aws-session";
import { partitionOf, tagsOf, usesFips } from "@keyspaces-segmentation/aws-session";
import { ArgumentError, messageOf, onAbort, requireInteger, StepError } from "@keyspaces-segmentation/common";
import { types } from "cassandra-driver";
import { keepCount } from "./driver/connections.js";
import { KeyspacesClient } from "./driver/keyspaces_client.js";
import { reconnection } from "./driver/reconnection.js";
import type { Traffic } from "./driver/traffic.js";
import { codeOf, keyspacesFailure } from "./failure.js";
import { sigV4AuthProvider } from "./sigv4.js";

/** A host and its port. */
export interface Endpoint {
  host: string;
  port: number;
}

/**
 * Reads where Keyspaces is reached, as host:port.
 *
 * @param name of what holds the text, for the error
 * @returns null where there is none
 * @throws ArgumentError for any other text
 */
export function readEndpoint(name: string, value: string | undefined): Endpoint | null {
  if (!value) return null;
  const [, host, port] = /^([A-Za-z0-9.-]+):(\d{1,5})$/.exec(value) ?? [];
  if (!host || Number(port) < 1 || Number(port) > 65_535) {
    throw new ArgumentError(name, 'host:port, such as "cassandra.us-east-1.amazonaws.com:9142"', value);
  }
  return { host, port: Number(port) };
}

/** Where Keyspaces is reached, and which certificate authorities its certificate is checked against. */
export interface KeyspacesSettings {
  /** null: the public endpoint of the region. */
  readonly keyspacesEndpoint: Endpoint | null;
  /** PEM file; null: those that Node has. */
  readonly keyspacesCaFile: string | null;
}

const fipsRegions = ["us-east-1", "us-west-2"];

/**
 * The public endpoint of Keyspaces in a region.
 *
 * @param fips whether its cryptography must be validated by FIPS 140
 * @throws StepError for a region without such an endpoint
 * @see https://docs.aws.amazon.com/keyspaces/latest/devguide/programmatic.endpoints.html
 */
export function endpointOf(region: string, fips = false): Endpoint {
  const { id, suffix } = partitionOf(region);
  // In GovCloud the ordinary endpoints are the FIPS endpoints.
  const isFips = fips && id !== "aws-us-gov";
  if (isFips && !fipsRegions.includes(region)) {
    throw new StepError({
      tried: `find the FIPS endpoint of Amazon Keyspaces in ${region}`,
      got: `there is one in ${fipsRegions.join(", ")} and the GovCloud regions only`,
      hint: "Choose one of these regions, name an endpoint in KEYSPACES_ENDPOINT, or unset AWS_USE_FIPS_ENDPOINT.",
    });
  }
  return { host: `cassandra${isFips ? "-fips" : ""}.${region}.${suffix}`, port: 9142 };
}

/**
 * Where Keyspaces is reached: where the settings say, else at the public endpoint of the session's region.
 *
 * @throws StepError where FIPS is asked for in a region without it
 */
export const endpointFor = async (
  aws: Pick<AwsSession, "region">,
  { keyspacesEndpoint }: Pick<KeyspacesSettings, "keyspacesEndpoint">,
): Promise<Endpoint> => keyspacesEndpoint ?? endpointOf(aws.region, await usesFips(aws));

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

/** How to connect; nothing here is needed for the walkthrough. */
export interface ConnectOptions {
  /**
   * Connections to each host, 1 to 100. Keyspaces takes 3,000 requests a second on a connection, and AWS advises to plan with 500:
   * requests a second ÷ hosts ÷ 500, rounded up. The public endpoints announce nine hosts, a VPC endpoint one for each of its
   * Availability Zones (and none, which leaves one, where the identity may not describe it).
   *
   * @see https://docs.aws.amazon.com/keyspaces/latest/devguide/connections.html
   */
  connections?: number;
  /** Is told what is written and read. */
  traffic?: Traffic;
  /** Ends the attempt: what it has opened by then is closed. */
  signal?: AbortSignal;
}

/** Where to connect, as whom, and how to say so in an error. */
interface Target extends Endpoint {
  aws: AwsSession;
  caFile: string | null;
  to: string;
}

/** @throws what the driver throws; StepError; the signal's reason when aborted */
async function open(
  { aws, host, port, caFile, to }: Target,
  { connections, signal }: { connections: number; signal: AbortSignal | undefined },
): Promise<KeyspacesClient> {
  const { options, loggedIn, wasRefused } = reconnection(aws.region, to);
  const client = new KeyspacesClient({
    ...options,
    contactPoints: [`${host}:${port}`],
    localDataCenter: aws.region,
    // More would cost one refused connection attempt each time.
    protocolOptions: { port, maxVersion: types.protocolVersion.v4 },
    sslOptions: await strictTls(host, caFile),
    authProvider: sigV4AuthProvider(aws, loggedIn, undefined, wasRefused),
    queryOptions: { consistency: types.consistencies.localQuorum, isIdempotent: true, prepare: true },
    pooling: { coreConnectionsPerHost: { [types.distance.local]: connections } },
    // A connection that has gone silent is given up after so many requests without an answer, not after the driver's 64.
    socketOptions: { defunctReadTimeoutThreshold: 4 },
    // The service shares prepared statements among its hosts.
    prepareOnAllHosts: false,
    rePrepareOnUp: false,
    isMetadataSyncEnabled: false,
    monitorReporting: { enabled: false },
  });
  const closeWhatIsLeft = keepCount(client);
  const connecting = client.connect();
  const close = async () => {
    await connecting.catch(() => undefined);
    closeWhatIsLeft();
    await client.shutdown().catch(() => undefined);
  };
  let release = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    release = onAbort(signal, () => reject(signal?.reason));
  });
  try {
    await Promise.race([connecting, aborted]);
    return client;
  } catch (error) {
    const closed = close();
    // The driver has to be waited for until it is connected or gives up; a reader has not.
    signal?.throwIfAborted();
    await closed;
    throw error;
  } finally {
    release();
  }
}

/**
 * Connects to Amazon Keyspaces: TLS with a verified certificate, SigV4, and LOCAL_QUORUM, the one level at which it accepts writes.
 *
 * Lost connections are opened again in the background, with the credentials of that moment; ones that were refused are resolved
 * anew, here as well. A request that is under way or comes meanwhile fails: the driver neither retries nor waits; see `withRetries`.
 * Statements are prepared unless told otherwise, as they are DML mostly.
 *
 * @returns the driver's own client, connected; call `shutdown()` when done
 * @throws StepError naming endpoint, region, identity and the likely cause; the signal's reason when aborted
 */
export async function connectToKeyspaces(
  aws: AwsSession,
  settings: KeyspacesSettings,
  { connections = 2, traffic, signal }: ConnectOptions = {},
): Promise<KeyspacesClient> {
  requireInteger("connections", connections, 1, 100);
  signal?.throwIfAborted();
  const { host, port } = await endpointFor(aws, settings);
  const to = `Amazon Keyspaces at ${host}:${port} in ${aws.region} as ${aws.arn}`;
  const target = { aws, host, port, caFile: settings.keyspacesCaFile, to };
  try {
    const client = await open(target, { connections, signal }).catch(async (refusal: unknown) => {
      if (signal?.aborted || codeOf(refusal) !== types.responseErrorCodes.badCredentials) throw refusal;
      await aws.credentials({ forceRefresh: true }).catch(() => Promise.reject(refusal));
      return open(target, { connections, signal });
    });
    client.traffic = traffic;
    client.tags = tagsOf(aws);
    return client;
  } catch (error) {
    signal?.throwIfAborted();
    throw keyspacesFailure(`connect to ${to}`, error);
  }
}
