import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createAuthoriser } from "@keyspaces-segmentation/iam-local";
import { makeCertificates, startGateway } from "@keyspaces-segmentation/keyspaces-local";
import { end, guard, type Identity, ROLE_NAME, temporaryIdentity } from "@keyspaces-segmentation/local-support";
import type { BenchCassandra } from "./cassandra.js";

export const GATEWAY_REGION = "eu-west-1";

/** So high that every bucket is weighed and none refuses. */
export const WITHOUT_LIMITS: Throughput = {
  requestsPerConnection: 1e9,
  tableWriteUnits: 1e9,
  partitionWriteUnits: 1e9,
  tableReadUnits: 1e9,
  partitionReadUnits: 1e9,
};

type Throughput = Readonly<
  Partial<
    Record<
      "requestsPerConnection" | "tableWriteUnits" | "partitionWriteUnits" | "tableReadUnits" | "partitionReadUnits",
      number
    >
  >
>;

/** A gateway to be started before a Cassandra; tables that are there by then are known to it. */
interface GatewayRequest {
  readonly cassandraPort: number;
  /** The one who may come in, and who may do everything in `keyspace`. */
  readonly identity: Identity;
  readonly keyspace: string;
  /** What it does not say is as Keyspaces has it. */
  readonly throughput: Throughput;
}

export interface GatewayProcess {
  readonly process: ChildProcess;
  readonly port: number;
  /** PEM. */
  readonly ca: string;
}

/** Starts a gateway, as in the stack not in the process of its clients. */
export async function startGatewayProcess({
  execArgv = [],
  ...request
}: GatewayRequest & { readonly execArgv?: string[] }): Promise<GatewayProcess> {
  const child = fork(__filename, [JSON.stringify(request)], { execArgv, detached: true });
  guard(child);
  const [ready] = await Promise.race([
    once(child, "message"),
    once(child, "exit").then(([code]) => Promise.reject(new Error(`The gateway ended with ${code}`))),
  ]);
  return { process: child, ...(ready as { port: number; ca: string }) };
}

/** A gateway before the tables of a benchmark, and how programs reach it. */
export interface OpenGateway {
  readonly environment: Readonly<Record<string, string>>;
  readonly port: number;
  readonly caFile: string;
  close(): Promise<void>;
}

/** Starts a gateway before a benchmark's Cassandra, with an identity that programs find in their environment. */
export async function openGateway(
  { port, directory }: Pick<BenchCassandra, "port" | "directory">,
  { keyspace, throughput }: Pick<GatewayRequest, "keyspace" | "throughput">,
): Promise<OpenGateway> {
  const identity = temporaryIdentity("policies");
  const gateway = await startGatewayProcess({ cassandraPort: port, identity, keyspace, throughput });
  const caFile = join(directory, "ca.pem");
  await writeFile(caFile, gateway.ca);
  return {
    port: gateway.port,
    caFile,
    close: () => end(gateway.process),
    environment: {
      KEYSPACES_ENDPOINT: `127.0.0.1:${gateway.port}`,
      KEYSPACES_CA_FILE: caFile,
      AWS_REGION: GATEWAY_REGION,
      AWS_ACCESS_KEY_ID: identity.accessKeyId,
      AWS_SECRET_ACCESS_KEY: identity.secretAccessKey,
      AWS_SESSION_TOKEN: identity.sessionToken ?? "",
    },
  };
}

async function serve({ cassandraPort, identity, keyspace, throughput }: GatewayRequest): Promise<void> {
  const { ca, ...certificate } = await makeCertificates();
  const authoriser = createAuthoriser({ region: GATEWAY_REGION, now: () => new Date() });
  const resources = ["system*", `${keyspace}/*`].map(
    (each) => `arn:aws:cassandra:${GATEWAY_REGION}:*:/keyspace/${each}`,
  );
  const document = {
    Version: "2012-10-17",
    Statement: { Effect: "Allow", Action: "cassandra:*", Resource: resources },
  };
  const arn = `arn:aws:iam::${identity.account}:role/${ROLE_NAME}`;
  authoriser.setEntities([{ arn, policies: [{ name: "bench", document }] }]);
  const gateway = await startGateway({
    authoriser,
    region: GATEWAY_REGION,
    identities: [identity],
    certificate,
    throughput,
    cassandra: { host: "127.0.0.1", port: cassandraPort },
    // Empty pages would be requests that Cassandra is not asked for.
    pages: { emptyScanPages: 0 },
  });
  process.once("SIGTERM", () => void gateway.close().then(() => process.exit(0)));
  process.send?.({ port: gateway.port, ca });
}

if (require.main === module) void serve(JSON.parse(process.argv[2]!) as GatewayRequest);
