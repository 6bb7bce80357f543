import { copyFrame, type Frame, Opcode } from "../protocol/frame.js";
import { isApplied } from "../protocol/responses.js";
import type { CapturedWrite, Outcome } from "../streams/capture.js";
import { answerLater } from "./answer_later.js";
import { passOn, type RequestContext } from "./request_context.js";

/**
 * Passes writes on tables with streams on, and answers once the streams have their records: who has the answer finds the
 * change in the stream.
 */
export function passOnCaptured(frame: Frame, writes: readonly CapturedWrite[], context: RequestContext): void {
  const { inFlight, capture } = context;
  answerLater(frame, context, async () => {
    let answer: Frame | undefined;
    const write = async (): Promise<Outcome> => {
      if (!inFlight.has(frame.stream)) return "not applied";
      answer = await ask(frame, context);
      if (answer) inFlight.set(frame.stream, true);
      return answer ? outcomeOf(answer) : "unknown";
    };
    // Where it fails it may have been done; without its record nobody is to believe so.
    await capture.around(writes, write);
    return answer;
  });
}

/** Undefined if the connection to Cassandra ends before it answers. */
function ask(frame: Frame, context: RequestContext): Promise<Frame | undefined> {
  const { link, intercepted } = context;
  return new Promise((resolve) => {
    const lost = () => resolve(undefined);
    link.socket.once("close", lost);
    intercepted.set(frame.stream, (answer) => {
      link.socket.off("close", lost);
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
