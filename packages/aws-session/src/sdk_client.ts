import { ownSignal } from "@keyspaces-segmentation/common";
import { credentialsRefused } from "./failure.js";

// The SDK's advice to developers on Node 20 would stand in red in the notebook; the README names the versions of Node.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";

/** What requests are signed with. */
export interface AwsCredentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
  expiration?: Date;
}

/** What a client works with: where, and in whose name. */
export interface AwsAccess {
  readonly region: string;
  /**
   * The credentials as of now. In the five minutes before they expire they are renewed in the background, and failures of that are
   * nobody's concern; once they have expired they are waited for. Rejects when none can be had, and asks again the next time.
   * With `forceRefresh`, they are resolved anew whatever is known of their end, for when they have been refused. Every client asks here.
   */
  readonly credentials: (options?: { forceRefresh?: boolean }) => Promise<AwsCredentials>;
  /** Is told of each request, each time that it is sent. */
  readonly onRequest?: ((request: SentRequest) => void) | undefined;
}

/** A request, and what came of it. */
export interface SentRequest {
  /** As the SDK calls client and command: "S3Client", "PutObjectCommand". */
  readonly client: string;
  readonly command: string;
  readonly input: object;
  /** Undefined where the answer was an error, or none came. */
  readonly output: object | undefined;
  /** Of the body. */
  readonly sentBytes: number;
  /** Until the answer began. */
  readonly seconds: number;
}

/**
 * How long a service may stay silent, in milliseconds: it has to answer the dialling, and no connection may go without a byte in
 * either direction for longer. There is no limit to a whole request, so that a large object takes the time that it takes. The SDK
 * sends a request that met such a limit again, twice.
 */
export const answerWithin: { connectionTimeout: number; socketTimeout: number } = {
  connectionTimeout: 5000,
  socketTimeout: 30_000,
};

/** What all clients of the SDK have in common; the types of their middleware differ by what they can be sent. */
export interface Client {
  send(...request: never[]): unknown;
  middlewareStack: { add(middleware: never, options: never): void };
}

type Next = (request: object) => Promise<unknown>;

/**
 * Resolves the credentials anew, once, for a request that AWS has refused because of them, and sends it again. Those that carry no
 * time of expiry, as from a file, would otherwise be used for ever; whoever signs in anew is so noticed by every client.
 */
const renewal =
  ({ credentials }: AwsAccess) =>
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

interface Sending {
  readonly input: object;
  readonly request: { readonly headers: Readonly<Record<string, string>> };
}

/** Tells of each attempt: behind what sends a request again, and before what reads its answer. */
const telling =
  (onRequest: (request: SentRequest) => void) =>
  (next: (sending: Sending) => Promise<{ output: object }>, { clientName = "", commandName = "" }: Named) =>
  async (sending: Sending) => {
    const begun = performance.now();
    let output: object | undefined;
    try {
      const answer = await next(sending);
      output = answer.output;
      return answer;
    } finally {
      const sentBytes = Number(sending.request.headers["content-length"] ?? 0);
      const seconds = (performance.now() - begun) / 1000;
      onRequest({ client: clientName, command: commandName, input: sending.input, output, sentBytes, seconds });
    }
  };

/** What the SDK says of a request in its context. */
interface Named {
  readonly clientName?: string;
  readonly commandName?: string;
}

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
export interface ClientSettings {
  region: string;
  credentials: () => Promise<AwsCredentials>;
  requestHandler: typeof answerWithin;
}

/**
 * Makes a client of the SDK that gives up a service which stays silent, and renews expired credentials. The SDK finds the endpoint
 * (AWS_ENDPOINT_URL, or the region's own).
 */
export function clientOf<C extends Client>(access: AwsAccess, make: (settings: ClientSettings) => C): C {
  // Marked as keeping them: a client would otherwise keep a copy of its own, which no renewal reaches.
  const credentials = Object.assign(() => access.credentials(), { memoized: true });
  const client = make({ region: access.region, credentials, requestHandler: answerWithin });
  const add = (middleware: unknown, options: object) =>
    client.middlewareStack.add(middleware as never, options as never);
  add(renewal(access), { step: "initialize", name: "renewCredentials" });
  if (access.onRequest) {
    add(telling(access.onRequest), { step: "deserialize", name: "tellOfRequest", priority: "high" });
  }
  return withOwnSignals(client);
}

/** The clients of each session, by what makes them. */
const clients = new WeakMap<AwsAccess, Map<unknown, unknown>>();

/** One client per session and service, made when first asked for; see {@link clientOf}. */
export function perSession<C extends Client>(make: (settings: ClientSettings) => C): (aws: AwsAccess) => C {
  return (aws) => {
    const ofSession = clients.get(aws) ?? new Map<unknown, unknown>();
    clients.set(aws, ofSession);
    const client = (ofSession.get(make) as C | undefined) ?? clientOf(aws, make);
    ofSession.set(make, client);
    return client;
  };
}
