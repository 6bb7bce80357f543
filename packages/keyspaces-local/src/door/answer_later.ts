import { encodeFrame, type Frame, Opcode } from "../protocol/frame.js";
import { ErrorCode, Refusal } from "../protocol/refusal.js";
import { errorBody } from "../protocol/responses.js";
import type { RequestContext } from "./request_context.js";

/**
 * Answers a request once the gateway has come by the answer itself. Those behind it on the connection do not wait.
 *
 * @param produce undefined if there is none to be had any more; what it throws is the answer too
 */
export function answerLater(frame: Frame, context: RequestContext, produce: () => Promise<Frame | undefined>): void {
  const { inFlight, intercepted, client, answered } = context;
  // The stream is taken from now on, and free again if Cassandra is lost in the meantime.
  inFlight.set(frame.stream, true);
  // Later: who has this passed on may want the answer in the client's place, and says so after it.
  setImmediate(() => {
    const take = intercepted.get(frame.stream);
    intercepted.delete(frame.stream);
    void produce()
      .catch((error: Error) => errorFrame(frame, error))
      .then((answer) => {
        if (!answer || !inFlight.delete(frame.stream)) return;
        if (take) take(answer);
        else client.write(answer.bytes);
        answered();
      });
  });
}

function errorFrame({ version, stream }: Frame, error: Error): Frame {
  const refusal = error instanceof Refusal ? error : new Refusal(ErrorCode.server, `Internal error: ${error.message}`);
  const body = errorBody(refusal);
  const bytes = encodeFrame("response", { version, stream, opcode: Opcode.error }, body);
  return { version, flags: 0, stream, opcode: Opcode.error, body, bytes };
}
