import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A request to the scripted service: `operation` is the SageMaker operation, or the HTTP method for S3. */
export interface ScriptedRequest {
  operation: string;
  path: string;
  body: string;
}

export interface ScriptedAws {
  url: string;
  requests: ScriptedRequest[];
  stop(): Promise<void>;
}

/** What the service answers: HTTP status and JSON body. */
export type ScriptedAnswer = readonly [status: number, body: object];

/** An HTTP server that accepts every upload and answers SageMaker's operations as told, for answers no stand-in can be made to give. */
export async function startScriptedAws(answer: (request: ScriptedRequest) => ScriptedAnswer): Promise<ScriptedAws> {
  const requests: ScriptedRequest[] = [];
  const server = createServer(async (incoming, outgoing) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const target = String(incoming.headers["x-amz-target"] ?? "");
    const operation = target.replace("SageMaker.", "") || String(incoming.method);
    const request = { operation, path: String(incoming.url), body: Buffer.concat(chunks).toString() };
    requests.push(request);
    const [status, body] = target ? answer(request) : ([200, {}] as const);
    outgoing.writeHead(status, { "content-type": "application/x-amz-json-1.1" });
    outgoing.end(target ? JSON.stringify(body) : "");
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    async stop() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}
