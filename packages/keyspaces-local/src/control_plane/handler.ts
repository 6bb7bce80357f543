import type { IncomingMessage, ServerResponse } from "node:http";
import {
  AwsError,
  authenticate,
  headerValues,
  type Identity,
  readBody,
  readClaim,
  sha256,
  type WireRequest,
  writeError,
  writeJson,
} from "@keyspaces-segmentation/local-support";
import type { ControlPlane } from "./control_plane.js";

/** The service's name in signatures. */
const SIGNING_NAME = "cassandra";
const TARGET = /^KeyspacesService\.(\w+)$/;

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
    try {
      const claim = readClaim(wire);
      const body = await readBody(request);
      const identity = authenticate(wire, claim, sha256(body), authentication);
      const [target = ""] = headerValues(wire, "x-amz-target");
      const [, operation] = TARGET.exec(target) ?? [];
      if (claim.service !== SIGNING_NAME || operation === undefined) {
        throw new AwsError("UnknownOperationException", `'${target}' is no operation of Keyspaces.`);
      }
      writeJson(response, await controlPlane.answer(operation, body, identity));
    } catch (error) {
      writeError(response, "json", error);
    }
  };
}
