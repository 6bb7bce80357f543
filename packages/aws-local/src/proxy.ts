import { createHash } from "node:crypto";
import { once } from "node:events";
import { request as httpRequest, type IncomingMessage, type ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { SignatureClaim } from "@keyspaces-segmentation/local-support";
import { AwsError } from "@keyspaces-segmentation/local-support";

/** Headers that belong to one connection, not to the message; `expect` has been answered by us. */
const hopByHop = new Set(["connection", "keep-alive", "transfer-encoding", "expect"]);

/** `transfer-encoding` stays on the way in: it says that there is a body. */
function forwarded(
  rawHeaders: readonly string[],
  keep: readonly string[] = [],
  drop: readonly string[] = [],
): string[] {
  return rawHeaders.filter((_, i) => {
    const name = String(rawHeaders[i - (i % 2)]).toLowerCase();
    return keep.includes(name) || !(hopByHop.has(name) || drop.includes(name));
  });
}

/** What was verified, in the one form in which moto reads the same: it chooses the service by the first scope in the header. */
function signedAs({ accessKeyId, date, region, service, signedHeaders, signature }: SignatureClaim): string[] {
  const scope = `${accessKeyId}/${date}/${region}/${service}/aws4_request`;
  const value = `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=${signedHeaders.join(";")}, Signature=${signature}`;
  return ["Authorization", value];
}

/** Passes a body on and holds its last piece back until the hash is known to be right. */
function verified(expectedHash: string): (source: AsyncIterable<Buffer>) => AsyncGenerator<Buffer> {
  return async function* (source) {
    const hash = createHash("sha256");
    let held: Buffer | undefined;
    for await (const chunk of source) {
      hash.update(chunk);
      if (held) yield held;
      held = chunk;
    }
    if (hash.digest("hex") !== expectedHash) {
      throw new AwsError("wrongBody", "The provided 'x-amz-content-sha256' header does not match what was computed.");
    }
    if (held) yield held;
  };
}

/** What is forwarded: bytes already read and checked, or the request's own stream, checked as it passes. */
export type ForwardedBody = { bytes: Buffer } | { payloadHash: string };

/**
 * Hands a request, whose signature was verified, to moto and its answer back, neither held in memory. `Host` goes along as the client sent it, an
 * address with a port, so moto takes the bucket from the path.
 *
 * @param judge looks at moto's answer before the client gets it, and throws where the client may not have it
 * @throws AwsError when the body is not the one that was signed; moto then never sees its end and stores nothing
 */
export async function forward(
  request: IncomingMessage,
  response: ServerResponse,
  port: number,
  claim: SignatureClaim,
  body: ForwardedBody,
  judge: (answer: IncomingMessage) => Promise<void> = async () => undefined,
): Promise<void> {
  const upstream = httpRequest({
    host: "127.0.0.1",
    port,
    method: request.method,
    path: request.url,
    headers: [...forwarded(request.rawHeaders, ["transfer-encoding"], ["authorization"]), ...signedAs(claim)],
    agent: false,
  });
  // After the first outcome below, a late failure of the connection to moto changes nothing.
  upstream.on("error", () => undefined);
  const answered = once(upstream, "response") as Promise<[IncomingMessage]>;
  const sent = sendBody(request, upstream, body);
  // moto may answer before it has read everything, an error for instance: then sending fails, which is no failure.
  sent.catch(() => undefined);
  const [answer] = await Promise.race([answered, sent.then(() => answered)]);
  try {
    await judge(answer);
  } catch (error) {
    answer.destroy();
    throw error;
  }
  // The front's own date stands: a client sets its clock by it, and the front checks signatures against that one.
  response.writeHead(answer.statusCode ?? 502, answer.statusMessage, forwarded(answer.rawHeaders, [], ["date"]));
  await pipeline(answer, response);
}

function sendBody(
  request: IncomingMessage,
  upstream: ReturnType<typeof httpRequest>,
  body: ForwardedBody,
): Promise<void> {
  if ("bytes" in body) return pipeline(Readable.from([body.bytes], { objectMode: false }), upstream);
  if (!/^[0-9a-f]{64}$/.test(body.payloadHash)) return pipeline(request, upstream);
  return pipeline(request, verified(body.payloadHash), upstream);
}

/**
 * Has moto delete several objects, of which some were taken out of the request, and adds to its answer what became of those.
 *
 * @param change.body what is left of the request
 * @param change.errors elements of S3's answer
 */
export async function deleteAllowed(
  response: ServerResponse,
  { target }: { readonly target: string },
  port: number,
  claim: SignatureClaim,
  { body, errors }: { body: Buffer; errors: string },
): Promise<void> {
  const [, authorization = ""] = signedAs(claim);
  let text = `<?xml version="1.0" encoding="UTF-8"?>\n<DeleteResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"></DeleteResult>`;
  if (body.includes("<Object>")) {
    const answer = await fetch(`http://127.0.0.1:${port}${target}`, {
      method: "POST",
      headers: { authorization, "content-type": "application/xml" },
      body: new Uint8Array(body),
    });
    text = await answer.text();
  }
  const bytes = Buffer.from(text.replace("</DeleteResult>", `${errors}</DeleteResult>`));
  response.writeHead(200, { "content-type": "application/xml", "content-length": bytes.length });
  response.end(bytes);
}
