import type { Denied } from "./evaluate.js";

/** IAM's own actions are refused with what they are about by its kind and name. */
function inWords(action: string, resource: string): string {
  const [, kind, path = ""] = /^arn:[\w-]+:iam::\d*:(role|user|policy)\/(.+)$/.exec(resource) ?? [];
  // PassRole is refused by the service that the role would be passed to, which names the ARN.
  return kind !== undefined && action !== "iam:PassRole" && action.startsWith("iam:")
    ? `${kind} ${path.slice(path.lastIndexOf("/") + 1)}`
    : resource;
}

/**
 * The sentence that AWS refuses with.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
 *
 * @param options.quoted S3 puts the ARN of a resource between quotation marks
 */
export function refusalOf(
  who: string,
  { action, resource }: { readonly action: string; readonly resource: string },
  denied: Pick<Denied, "explicit" | "place" | "policy">,
  { quoted = false }: { quoted?: boolean } = {},
): string {
  const what = inWords(action, resource);
  const head = `User: ${who} is not authorized to perform: ${action} on resource: ${quoted ? `"${what}"` : what}`;
  const { explicit, place, policy } = denied;
  if (!explicit) return `${head} because no ${place} allows the ${action} action`;
  const article = place === "identity-based policy" ? "an" : "a";
  return `${head} with an explicit deny in ${article} ${place}${policy?.startsWith("arn:") ? `: ${policy}` : ""}`;
}
