import type { ServerResponse } from "node:http";
import type { Identity } from "@keyspaces-segmentation/local-support";
import {
  AwsError,
  readInput,
  rpcCallOf,
  type WireRequest,
  writeCbor,
  writeJson,
} from "@keyspaces-segmentation/local-support";

/** A service that is called by AWS JSON or CBOR, behind the front's signatures. */
export interface RpcService {
  /**
   * @param input what was sent, decoded
   * @throws AwsError
   */
  answer(operation: string, input: unknown, identity: Identity): Promise<object>;
}

/** Has a service answer a request whose signature is checked. @throws AwsError */
export async function answerElsewhere(
  service: RpcService,
  response: ServerResponse,
  wire: WireRequest,
  body: Buffer,
  identity: Identity,
): Promise<void> {
  const call = rpcCallOf(wire);
  if (!call) throw new AwsError("UnknownOperationException", "The request names no operation.");
  const answer = await service.answer(call.operation, readInput(call.protocol, body), identity);
  if (call.protocol === "cbor") writeCbor(response, answer);
  else writeJson(response, answer);
}
