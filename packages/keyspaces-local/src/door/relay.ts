import type { Socket } from "node:net";
import type { RequestContext } from "./request_context.js";

/**
 * Hands Cassandra's answers on, byte for byte, but for those that the gateway waits for itself. An answer that makes no
 * sense ends the connection to Cassandra.
 *
 * @param onAnswers called when some have come
 */
export function relayAnswers(
  { link, client: answers, inFlight, intercepted, conditions }: RequestContext,
  client: Socket,
  onAnswers: () => void,
): void {
  const { socket } = link;
  link.receive(({ frames, fault }) => {
    for (const frame of frames) {
      // To each request one answer, and none to what was not asked.
      const asked = inFlight.take(frame.stream);
      if (!asked) continue;
      if (asked === "write") conditions.passed();
      const take = intercepted.size > 0 ? intercepted.get(frame.stream) : undefined;
      if (!take) {
        answers.write(frame.bytes);
        continue;
      }
      intercepted.delete(frame.stream);
      try {
        take(frame);
      } catch {
        inFlight.set(frame.stream, "other");
        socket.destroy();
        return;
      }
    }
    if (fault) socket.destroy();
    onAnswers();
    if (answers.isFull()) {
      socket.pause();
      client.once("drain", () => socket.resume());
    }
  });
  // Its close is what counts.
  socket.on("error", () => undefined);
  socket.resume();
}
