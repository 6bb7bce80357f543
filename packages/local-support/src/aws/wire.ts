/** The only place that writes answers of the front's own: results and errors, in each protocol's form. */
import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { encodeCbor } from "./cbor.js";
import { AwsError, nameOf, type Protocol } from "./errors.js";

const BODY_LIMIT = 10 * 1024 * 1024;

/** The whole body of a request that is not streamed. */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > BODY_LIMIT) throw new AwsError("tooLarge", `The request is larger than ${BODY_LIMIT} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Text that may stand in an XML element. */
export const escapeXml = (text: string): string =>
  text.replace(/[<>&"']/g, (character) => `&#${character.charCodeAt(0)};`);

/** Timestamps of AWS JSON 1.1 are numbers: seconds since 1970, with a fraction. */
function epochSeconds(this: Record<string, unknown>, key: string, value: unknown): unknown {
  const original = this[key];
  return original instanceof Date ? original.getTime() / 1000 : value;
}

/** As the request: AWS JSON comes in two versions, which differ in this alone. */
const jsonType = ({ req }: ServerResponse): string =>
  req.headers["content-type"] === "application/x-amz-json-1.0"
    ? "application/x-amz-json-1.0"
    : "application/x-amz-json-1.1";

export function writeJson(response: ServerResponse, body: object): void {
  response.writeHead(200, { "content-type": jsonType(response), "x-amzn-requestid": randomUUID() });
  response.end(JSON.stringify(body, epochSeconds));
}

/** An answer in CBOR; the header tells a client that it is not a proxy's. */
export function writeCbor(response: ServerResponse, body: object): void {
  response.writeHead(200, { ...cborHeaders, "x-amzn-requestid": randomUUID() });
  response.end(encodeCbor(body));
}

const cborHeaders = { "content-type": "application/cbor", "smithy-protocol": "rpc-v2-cbor" };

/** An answer whose body is what was asked for, as REST services give it. */
export function writeBytes(
  response: ServerResponse,
  { headers, body }: { headers: Readonly<Record<string, string>>; body: Buffer },
): void {
  response.writeHead(200, { ...headers, "content-length": body.length, "x-amzn-requestid": randomUUID() });
  response.end(body);
}

/** @param result the inside of the action's result element, escaped */
export function writeQueryResult(response: ServerResponse, namespace: string, action: string, result: string): void {
  const requestId = randomUUID();
  response.writeHead(200, { "content-type": "text/xml", "x-amzn-requestid": requestId });
  response.end(
    `<${action}Response xmlns="${namespace}"><${action}Result>${result}</${action}Result>` +
      `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata></${action}Response>`,
  );
}

const errorBodies: Record<
  Protocol,
  (code: string, message: string, requestId: string, members: object) => string | Buffer
> = {
  cbor: (code, message, _, members) => encodeCbor({ __type: code, message, ...members }),
  json: (code, message, _, members) => JSON.stringify({ __type: code, Message: message, ...members }),
  rest: (_code, message, _, members) => JSON.stringify({ Message: message, ...members }),
  query: (code, message, requestId) =>
    `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${escapeXml(message)}</Message></Error>` +
    `<RequestId>${requestId}</RequestId></ErrorResponse>`,
  s3: (code, message, requestId) =>
    `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${escapeXml(message)}</Message>` +
    `<RequestId>${requestId}</RequestId></Error>`,
};
const errorTypes: Record<Exclude<Protocol, "json">, string> = {
  cbor: cborHeaders["content-type"],
  rest: "application/json",
  query: "text/xml",
  s3: "application/xml",
};

/** Answers with what was thrown; what is not an {@link AwsError} is a defect of ours and says so. */
export function writeError(response: ServerResponse, protocol: Protocol, thrown: unknown): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const error = thrown instanceof AwsError ? thrown : new AwsError("internal", `The stand-in failed: ${thrown}`);
  const [code, status] = nameOf(error.fault, protocol);
  const requestId = randomUUID();
  const body = errorBodies[protocol](code, error.message, requestId, error.members);
  // What is left of the request's body is not read: the connection cannot be used again.
  const unread = !response.req.complete;
  response.writeHead(status, {
    "content-type": protocol === "json" ? jsonType(response) : errorTypes[protocol],
    "content-length": Buffer.byteLength(body),
    ...(protocol === "s3" ? { "x-amz-request-id": requestId } : { "x-amzn-requestid": requestId }),
    ...(protocol === "rest" && { "x-amzn-errortype": code }),
    ...(protocol === "cbor" && { "smithy-protocol": cborHeaders["smithy-protocol"] }),
    ...(unread && { connection: "close" }),
  });
  // An answer to HEAD has no body; the SDKs then go by the status.
  response.end(response.req.method === "HEAD" ? undefined : body);
  if (unread) response.req.resume();
}
