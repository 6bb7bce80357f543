import { AwsError } from "../errors.js";

/** `false` and empty collections ask for nothing. */
const asksNothing = (value: unknown): boolean =>
  value === undefined || value === null || value === false || (typeof value === "object" && !Object.keys(value).length);

/**
 * Refuses by name what AWS can do and the stand-in cannot.
 *
 * @param emulated paths of the members that are emulated (`InputDataConfig.ChannelName`), each with all that is below
 * @throws AwsError `notEmulated`
 */
export function refuseBeyond(emulated: readonly string[], request: object, path = ""): void {
  if (Array.isArray(request)) {
    for (const each of request) if (typeof each === "object") refuseBeyond(emulated, each, path);
    return;
  }
  for (const [name, value] of Object.entries(request)) {
    const here = path ? `${path}.${name}` : name;
    if (asksNothing(value) || emulated.includes(here)) continue;
    const goesOn = emulated.some((each) => each.startsWith(`${here}.`));
    if (!goesOn) throw new AwsError("notEmulated", `Member '${here}' is not emulated.`);
    refuseBeyond(emulated, value, here);
  }
}
