import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import type { AwsSession } from "@keyspaces-segmentation/aws-session";
import type { Outcome } from "./check.js";
import { stsOf } from "./clients.js";

/** AWS takes signatures that are up to five minutes off; the SDK sets itself right, the SigV4 plugin of Keyspaces does not. Seconds. */
const tolerated = 240;

type Next = (request: object) => Promise<{ response?: unknown }>;

/**
 * How far this machine's clock is from that of STS, which says the time to the second in each answer.
 *
 * @throws what the SDK throws
 */
export async function checkClock(aws: AwsSession, now: () => number = Date.now): Promise<Outcome<undefined>> {
  let date: string | undefined;
  const look = (next: Next) => async (request: object) => {
    const answer = await next(request);
    date = (answer.response as { headers?: Record<string, string> } | undefined)?.headers?.date;
    return answer;
  };
  const command = new GetCallerIdentityCommand({});
  command.middlewareStack.add(look as never, { step: "deserialize", name: "readClock", priority: "low" });
  const begun = now();
  await stsOf(aws).send(command);
  if (date === undefined) return { value: undefined, state: "unchecked", detail: "STS did not say the time" };
  return judgeClock(Date.parse(date), (begun + now()) / 2);
}

/** @param theirs, ours milliseconds since 1970 at the same moment */
export function judgeClock(theirs: number, ours: number): Outcome<undefined> {
  const seconds = Math.round((ours - theirs) / 1000);
  const off = `${Math.abs(seconds)} s ${seconds < 0 ? "behind" : "ahead of"} that of STS`;
  if (Math.abs(seconds) <= tolerated) {
    return { value: undefined, detail: Math.abs(seconds) <= 2 ? "as that of STS, to 2 s" : off };
  }
  return {
    value: undefined,
    state: "to do",
    detail: `this machine's clock is ${off}, and Keyspaces refuses signatures that are five minutes off`,
    todo: "Set the clock, or have it set by NTP.",
  };
}
