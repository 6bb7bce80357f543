import { shellWord } from "@keyspaces-segmentation/common";

/**
 * The command that looks at what runs on a bucket and prefix have left, for a reader to type: both are named, as the shell that it is typed
 * into may have others set.
 *
 * @param options further ones, in words that no shell takes for anything else
 */
export function cleanupCommand({ bucket, prefix }: { bucket: string; prefix: string }, options = ""): string {
  const where = Object.entries({ bucket, prefix }).map(([name, value]) => `--param ${shellWord(`${name}=${value}`)}`);
  return ["npm run cleanup --", ...where, ...(options === "" ? [] : [options])].join(" ");
}
