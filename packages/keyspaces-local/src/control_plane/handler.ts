import type { IncomingMessage, ServerResponse } from "node:http";
import {
  AwsError,
  authenticate,
  type Identity,
  readBody,
  readClaim,
  readInput,
  rpcCallOf,
  sha256,
  type WireRequest,
  writeCbor,
  writeError,
  writeJson,
} from "@keyspaces-segmentation/local-support";
import type { ControlPlane } from "./control_plane.js";

/** The service's name in signatures. */
const SIGNING_NAME = "cassandra";

/** What answers one request of a plain HTTP server. */
export type HttpHandler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/**
 * The service's APIs for a plain HTTP server: each request has to be signed by one of the identities, and to be meant for Keyspaces.
 * It never rejects: what goes wrong is the answer.
 *
 * @param apis by the service's name in its model
 */
export function httpHandler(
  apis: Readonly<Record<"KeyspacesService" | "KeyspacesStreams", ControlPlane>>,
  authentication: { readonly region: string; readonly identities: readonly Identity[]; readonly now: () => Date },
): HttpHandler {
  return async (request, response) => {
    response.setHeader("date", authentication.now().toUTCString());
    const wire: WireRequest = {
      method: request.method ?? "",
      target: request.url ?? "",
      rawHeaders: request.rawHeaders,
    };
    const call = rpcCallOf(wire);
    try {
      const claim = readClaim(wire);
      const body = await readBody(request);
      const identity = authenticate(wire, claim, sha256(body), authentication);
      const api = Object.entries(apis).find(([service]) => service === call?.service)?.[1];
      if (claim.service !== SIGNING_NAME || !call || !api) {
        throw new AwsError("UnknownOperationException", "The request names no operation of Keyspaces.");
      }
      const { operation, protocol } = call;
      const answer = await api.answer(operation, readInput(protocol, body), identity);
      if (protocol === "cbor") writeCbor(response, answer);
      else writeJson(response, answer);
    } catch (error) {
      writeError(response, call?.protocol ?? "json", error);
    }
  };
}
