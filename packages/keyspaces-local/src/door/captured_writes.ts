import { copyFrame, encodeFrame, type Frame, Opcode } from "../protocol/frame.js";
import { ErrorCode, Refusal } from "../protocol/refusal.js";
import { errorBody } from "../protocol/responses.js";
import { isApplied } from "../protocol/rows.js";
import type { CapturedWrite, Outcome } from "../streams/capture.js";
import { passOn, type RequestContext } from "./request_context.js";

/** Has a write done. @returns its answer, undefined if the connection to Cassandra ends before */
export type Carry = () => Promise<Frame | undefined>;

/**
 * Has writes on tables with streams done, and answers once the streams have their records: who has the answer finds the
 * change in the stream. Those behind it on the connection do not wait.
 */
export function passOnCaptured(
  frame: Frame,
  writes: readonly CapturedWrite[],
  context: RequestContext,
  carry: Carry,
): void {
  const { inFlight, client, capture, answered, deferred } = context;
  // The stream is taken from now on, and free again if Cassandra is lost in the meantime.
  inFlight.set(frame.stream, "other");
  const { intercepted } = context;
  let answer: Frame | undefined;
  const write = async (): Promise<Outcome> => {
    if (!inFlight.has(frame.stream)) return "not applied";
    answer = await carry();
    if (answer) inFlight.set(frame.stream, "other");
    return answer ? outcomeOf(answer) : "unknown";
  };
  const writeCaptured = async (): Promise<void> => {
    const take = intercepted.get(frame.stream);
    intercepted.delete(frame.stream);
    await capture.around(writes, write).catch((error: Error) => {
      // It may have been done; without its record nobody is to believe so.
      answer = errorFrame(frame, error);
    });
    if (!answer || !inFlight.delete(frame.stream)) return;
    if (take) take(answer);
    else client.write(answer.bytes);
    answered();
  };
  // Later: who has this passed on may want the answer in the client's place, and says so after it.
  const done = new Promise<void>((resolve) => void setImmediate(resolve))
    .then(writeCaptured)
    .finally(() => deferred.delete(done));
  deferred.add(done);
}

/** Passes it on as it came. @returns undefined where the connection to Cassandra is lost, or was before */
export function ask(frame: Frame, context: RequestContext): Promise<Frame | undefined> {
  const { link, intercepted, onLost } = context;
  return new Promise((resolve) => {
    if (link.socket.destroyed) return resolve(undefined);
    const lost = () => resolve(undefined);
    onLost.add(lost);
    intercepted.set(frame.stream, (answer) => {
      onLost.delete(lost);
      resolve(copyFrame(answer));
    });
    passOn(frame, context);
  });
}

function outcomeOf(answer: Frame): Outcome {
  if (answer.opcode === Opcode.error) return "unknown";
  const applied = isApplied(answer);
  return applied === undefined ? "applied" : applied ? "applied" : "not applied";
}

function errorFrame({ version, stream }: Frame, error: Error): Frame {
  const refusal = error instanceof Refusal ? error : new Refusal(ErrorCode.server, `Internal error: ${error.message}`);
  const body = errorBody(refusal);
  const bytes = encodeFrame("response", { version, stream, opcode: Opcode.error }, body);
  return { version, flags: 0, stream, opcode: Opcode.error, body, bytes };
}
