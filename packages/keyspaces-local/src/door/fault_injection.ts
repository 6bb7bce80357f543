import { type Frame, Opcode } from "../protocol/frame.js";
import { errorBody } from "../protocol/responses.js";
import { countApplied, type Faults, strike, type TableRequest } from "./faults.js";
import type { Reply, RequestContext } from "./request_context.js";

/** Carries out what is drawn for one request: nothing, a delay, the connection's end, an error instead of Cassandra's answer. */
export function injectFault(
  faults: Faults,
  request: TableRequest,
  frame: Frame,
  { client, inFlight, intercepted, drop }: RequestContext,
  reply: Reply,
  passOn: () => void,
): void {
  const { delayMs = 0, drops, error } = strike(faults, request) ?? {};
  const act = () => {
    if (drops) drop();
    else if (!error) passOn();
    else if (error.applied) {
      passOn();
      // After it, as a SELECT waits for its answer itself.
      intercepted.set(frame.stream, (answer) => {
        if (answer.opcode === Opcode.error) client.write(answer.bytes);
        else {
          countApplied(faults, error.refusal);
          reply(frame, Opcode.error, errorBody(error.refusal));
        }
      });
    } else {
      inFlight.delete(frame.stream);
      reply(frame, Opcode.error, errorBody(error.refusal));
    }
  };
  if (delayMs === 0) act();
  else {
    // The stream is taken from now on, and free again if Cassandra is lost in the meantime.
    inFlight.set(frame.stream, "other");
    setTimeout(() => inFlight.has(frame.stream) && act(), delayMs).unref();
  }
}
