import { IAMClient } from "@aws-sdk/client-iam";
import { S3Client } from "@aws-sdk/client-s3";
import { SageMakerClient } from "@aws-sdk/client-sagemaker";
import { SageMakerRuntimeClient } from "@aws-sdk/client-sagemaker-runtime";
import { ownSignal } from "../abort.js";
import type { AwsSession } from "./session.js";

// The SDK's advice to developers on Node 20 would stand in red in the notebook; the README names the versions of Node.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";

/** Without these, a connection to an address that swallows packets hangs for minutes. Milliseconds. */
export const answerWithin = { connectionTimeout: 5000, requestTimeout: 60_000 } as const;

/** The clients of each session, by what makes them. */
const clients = new WeakMap<AwsSession, Map<unknown, unknown>>();

interface Sender {
  send(...request: never[]): unknown;
}

/** The SDK listens to a request's signal, twice; requests that share one, as those of a cell do, must not add up. */
function withOwnSignals<Client extends Sender>(client: Client): Client {
  const send = client.send.bind(client) as (command: unknown, options?: object, ...rest: unknown[]) => unknown;
  const sendAlone = (command: unknown, options?: { abortSignal?: AbortSignal }, ...rest: unknown[]) => {
    const signal = options?.abortSignal;
    return send(command, signal ? { ...options, abortSignal: ownSignal(signal) } : options, ...rest);
  };
  return Object.assign(client, { send: sendAlone });
}

/** One client per session and service, made when first asked for. The SDK finds the endpoint (AWS_ENDPOINT_URL, or the region's own). */
function perSession<Client extends Sender>(make: (aws: AwsSession) => Client): (aws: AwsSession) => Client {
  return (aws) => {
    const ofSession = clients.get(aws) ?? new Map<unknown, unknown>();
    clients.set(aws, ofSession);
    const client = (ofSession.get(make) as Client | undefined) ?? withOwnSignals(make(aws));
    ofSession.set(make, client);
    return client;
  };
}

/**
 * Resolves a session's credentials anew, for when AWS has refused them as expired. Those that carry no time of expiry, as from
 * a file, would otherwise be used for ever, by the session and by each client.
 *
 * @throws whatever the provider throws when it has none to give
 */
export async function renewCredentials(aws: AwsSession): Promise<void> {
  await aws.credentials({ forceRefresh: true });
  clients.delete(aws);
}

const common = ({ region, credentials }: AwsSession) => ({ region, credentials, requestHandler: answerWithin });

/** Follows redirects, because the retail data may lie in a bucket of another region. */
export const s3Of: (aws: AwsSession) => S3Client = perSession(
  (aws) => new S3Client({ ...common(aws), followRegionRedirects: true }),
);

export const iamOf: (aws: AwsSession) => IAMClient = perSession((aws) => new IAMClient(common(aws)));

export const sageMakerOf: (aws: AwsSession) => SageMakerClient = perSession((aws) => new SageMakerClient(common(aws)));

/** A container has 60 seconds for its answer, so this waits a little longer. */
export const sageMakerRuntimeOf: (aws: AwsSession) => SageMakerRuntimeClient = perSession(
  (aws) => new SageMakerRuntimeClient({ ...common(aws), requestHandler: { ...answerWithin, requestTimeout: 70_000 } }),
);
