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
const SERVICE = "KeyspacesService";

/** What answers one request of a plain HTTP server. */
export type HttpHandler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/**
 * The control plane for a plain HTTP server: each request has to be signed by one of the identities, and to be meant for Keyspaces.
 * It never rejects: what goes wrong is the answer.
 */
export function httpHandler(
  controlPlane: ControlPlane,
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
      if (claim.service !== SIGNING_NAME || call?.service !== SERVICE) {
        throw new AwsError("UnknownOperationException", "The request names no operation of Keyspaces.");
      }
      const { operation, protocol } = call;
      const answer = await controlPlane.answer(operation, readInput(protocol, body), identity);
      if (protocol === "cbor") writeCbor(response, answer);
      else writeJson(response, answer);
    } catch (error) {
      writeError(response, call?.protocol ?? "json", error);
    }
  };
}
