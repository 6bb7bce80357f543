import { IAMClient } from "@aws-sdk/client-iam";
import { S3Client } from "@aws-sdk/client-s3";
import { SageMakerClient } from "@aws-sdk/client-sagemaker";
import { SageMakerRuntimeClient } from "@aws-sdk/client-sagemaker-runtime";
import { ownSignal } from "@keyspaces-segmentation/common";
import { credentialsRefused } from "./failure.js";
import type { AwsCredentials, AwsSession } from "./session.js";

// The SDK's advice to developers on Node 20 would stand in red in the notebook; the README names the versions of Node.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";

/**
 * How long a service may stay silent, in milliseconds: it has to answer the dialling, and no connection may go without a byte in
 * either direction for longer. There is no limit to a whole request, so that a large object takes the time that it takes. The SDK
 * sends a request that met such a limit again, twice.
 */
export const answerWithin: { connectionTimeout: number; socketTimeout: number } = {
  connectionTimeout: 5000,
  socketTimeout: 30_000,
};

/** A container has 60 seconds for its answer. */
export const containerAnswersWithin: typeof answerWithin = { connectionTimeout: 5000, socketTimeout: 70_000 };

/** What all clients of the SDK have in common; the types of their middleware differ by what they can be sent. */
interface Client {
  send(...request: never[]): unknown;
  middlewareStack: { add(middleware: never, options: { step: "initialize"; name: string }): void };
}

type Next = (request: object) => Promise<unknown>;

type Identified = Pick<AwsSession, "region" | "credentials">;

/**
 * Resolves the credentials anew, once, for a request that AWS has refused because of them, and sends it again. Those that carry no
 * time of expiry, as from a file, would otherwise be used for ever; whoever signs in anew is so noticed by every client.
 */
const renewal =
  ({ credentials }: Identified) =>
  (next: Next): Next =>
  async (request) => {
    try {
      return await next(request);
    } catch (refusal) {
      if (!credentialsRefused(refusal)) throw refusal;
      try {
        await credentials({ forceRefresh: true });
      } catch {
        throw refusal;
      }
      return await next(request);
    }
  };

/** The SDK listens to a request's signal, twice; requests that share one, as those of a cell do, must not add up. */
function withOwnSignals<C extends Client>(client: C): C {
  const send = client.send.bind(client) as (command: unknown, options?: object, ...rest: unknown[]) => unknown;
  const sendAlone = (command: unknown, options?: { abortSignal?: AbortSignal }, ...rest: unknown[]) => {
    const signal = options?.abortSignal;
    return send(command, signal ? { ...options, abortSignal: ownSignal(signal) } : options, ...rest);
  };
  return Object.assign(client, { send: sendAlone });
}

/** What a client of the SDK is made with. */
interface ClientSettings {
  region: string;
  credentials: () => Promise<AwsCredentials>;
  requestHandler: typeof answerWithin;
}

/**
 * Makes a client of the SDK that gives up a service which stays silent, and renews expired credentials. The SDK finds the endpoint
 * (AWS_ENDPOINT_URL, or the region's own).
 */
export function clientOf<C extends Client>(session: Identified, make: (settings: ClientSettings) => C): C {
  // Marked as keeping them: a client would otherwise keep a copy of its own, which no renewal reaches.
  const credentials = Object.assign(() => session.credentials(), { memoized: true });
  const client = make({ region: session.region, credentials, requestHandler: answerWithin });
  client.middlewareStack.add(renewal(session) as never, { step: "initialize", name: "renewCredentials" });
  return withOwnSignals(client);
}

/** The clients of each session, by what makes them. */
const clients = new WeakMap<AwsSession, Map<unknown, unknown>>();

/** One client per session and service, made when first asked for. */
function perSession<C extends Client>(make: (settings: ClientSettings) => C): (aws: AwsSession) => C {
  return (aws) => {
    const ofSession = clients.get(aws) ?? new Map<unknown, unknown>();
    clients.set(aws, ofSession);
    const client = (ofSession.get(make) as C | undefined) ?? clientOf(aws, make);
    ofSession.set(make, client);
    return client;
  };
}

/** Follows redirects, because the retail data may lie in a bucket of another region. */
export const s3Of: (aws: AwsSession) => S3Client = perSession(
  (settings) => new S3Client({ ...settings, followRegionRedirects: true }),
);

export const iamOf: (aws: AwsSession) => IAMClient = perSession((settings) => new IAMClient(settings));

export const sageMakerOf: (aws: AwsSession) => SageMakerClient = perSession(
  (settings) => new SageMakerClient(settings),
);

export const sageMakerRuntimeOf: (aws: AwsSession) => SageMakerRuntimeClient = perSession(
  (settings) => new SageMakerRuntimeClient({ ...settings, requestHandler: containerAnswersWithin }),
);
