import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";

/** A request to the scripted service: `operation` is SageMaker's operation, InvokeEndpoint, or the HTTP method for S3. */
export interface ScriptedRequest {
  operation: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

export interface ScriptedAws {
  url: string;
  requests: ScriptedRequest[];
  /** The bodies of all requests of an operation, as JSON. */
  sent(operation: string): unknown[];
  stop(): Promise<void>;
}

/** What the service answers: HTTP status and body, as JSON unless it is text. */
export type ScriptedAnswer = readonly [status: number, body: object | string];

function operationOf(method: string | undefined, target: unknown, path: string): string {
  if (target) return String(target).replace("SageMaker.", "");
  return path.endsWith("/invocations") ? "InvokeEndpoint" : String(method);
}

/** An HTTP server that accepts every upload and answers all else as told, for answers no stand-in can be made to give. */
export async function startScriptedAws(
  answer: (request: ScriptedRequest) => ScriptedAnswer | Promise<ScriptedAnswer>,
): Promise<ScriptedAws> {
  const requests: ScriptedRequest[] = [];
  const server = createServer(async (incoming, outgoing) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const { headers, method, url: path = "" } = incoming;
    const operation = operationOf(method, headers["x-amz-target"], path);
    const request = { operation, path, headers, body: Buffer.concat(chunks).toString() };
    requests.push(request);
    const [status, body] = operation === "PUT" ? [200, ""] : await answer(request);
    outgoing.writeHead(status, { "content-type": "application/x-amz-json-1.1" });
    outgoing.end(typeof body === "string" ? body : JSON.stringify(body));
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    sent: (operation) =>
      requests.filter((request) => request.operation === operation).map(({ body }) => JSON.parse(body) as unknown),
    async stop() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}
