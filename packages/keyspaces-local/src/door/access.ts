import { type Authoriser, type Caller, refusalOf, requestValues } from "@keyspaces-segmentation/iam-local";
import { unauthorized } from "../protocol/refusal.js";
import type { Access, Need } from "../rules/needs.js";

/** For whoever may do everything. */
export const fullAccess: Access = { require: () => undefined };

/** What every connection reads before its first statement. */
const atLogin = ["local", "peers"];

/**
 * What somebody may do who has logged in.
 *
 * @param account whose keyspaces they are
 * @throws Refusal if they may not even read the system tables, which is as good as nothing
 */
export function openAccess(
  caller: Caller,
  { authoriser, region, account }: { authoriser: Authoriser; region: string; account: string },
): Access {
  const base = `arn:aws:cassandra:${region}:${account}:`;
  const decide = ({ action, resource, tags, droppedTags }: Need) => {
    const keys = [...(tags?.keys() ?? []), ...(droppedTags ?? [])];
    const values = requestValues({
      "aws:TagKeys": keys.length > 0 ? keys : undefined,
      ...Object.fromEntries([...(tags ?? [])].map(([key, value]) => [`aws:RequestTag/${key}`, value])),
    });
    const request = { action: `cassandra:${action}`, resource: base + resource, values };
    return { request, decision: authoriser.decide(caller, request) };
  };
  for (const table of atLogin) {
    const { decision } = decide({ action: "Select", resource: `/keyspace/system/table/${table}` });
    if (!decision.allowed) throw unauthorized(`User ${caller.arn} has no permissions.`, "KL-NO-PERMISSIONS");
  }
  // A load executes a few prepared statements over and over: what each needs is looked up once, until policies change.
  let settled = new WeakSet<Need>();
  let version = authoriser.version;
  return {
    caller,
    require(needs) {
      if (version !== authoriser.version) {
        settled = new WeakSet();
        ({ version } = authoriser);
      }
      for (const need of needs) {
        if (settled.has(need)) continue;
        const { request, decision } = decide(need);
        if (!decision.allowed) throw unauthorized(refusalOf(caller.arn, request, decision), "KL-PERMISSION");
        if (decision.always) settled.add(need);
      }
    },
  };
}
