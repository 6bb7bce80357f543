import {
  type Authoriser,
  type Caller,
  refusalOf,
  requestValues,
  resourceTagValues,
} from "@keyspaces-segmentation/iam-local";
import { unauthorized } from "../protocol/refusal.js";
import type { Access, Need } from "../rules/needs.js";
import { baseArn } from "../schema/arns.js";

/** For whoever may do everything. */
export const fullAccess: Access = { require: () => undefined };

/** What every connection reads before its first statement. */
const atLogin = ["local", "peers"];

/** Who decides, and on whose keyspaces. */
interface Deciding {
  readonly authoriser?: Authoriser | undefined;
  readonly region: string;
  readonly account: string;
  /** The tags of a keyspace or table, by its ARN; a table does not have those of its keyspace. */
  readonly tagsAt: (arn: string) => ReadonlyMap<string, string>;
}

/** What an identity may do; one whose permissions nobody decides on may do nothing. */
export function accessTo(identity: Caller, { authoriser, region, account, tagsAt }: Deciding): Access {
  if (identity.permissions === "all") return fullAccess;
  if (identity.permissions === "policies" && authoriser)
    return decidedAccess(identity, { authoriser, region, account, tagsAt });
  return {
    caller: identity,
    require: ([need]) => {
      if (!need) return;
      const text = `User: ${identity.arn} is not authorized to perform: cassandra:${need.action}`;
      throw unauthorized(
        `${text} because no identity-based policy allows the cassandra:${need.action} action`,
        "KL-PERMISSION",
      );
    },
  };
}

/**
 * What somebody may do who has logged in.
 *
 * @param account whose keyspaces they are
 * @throws Refusal if they may not even read the system tables, which is as good as nothing
 */
export function openAccess(caller: Caller, deciding: Deciding & { readonly authoriser: Authoriser }): Access {
  const access = decidedAccess(caller, deciding);
  try {
    access.require(atLogin.map((table) => ({ action: "Select", resource: `/keyspace/system/table/${table}` })));
  } catch {
    throw unauthorized(`User ${caller.arn} has no permissions.`, "KL-NO-PERMISSIONS");
  }
  return access;
}

function decidedAccess(
  caller: Caller,
  { authoriser, region, account, tagsAt }: Deciding & { readonly authoriser: Authoriser },
): Access {
  const base = baseArn({ region, account });
  const decide = ({ action, resource, tags, droppedTags }: Need) => {
    const keys = [...(tags?.keys() ?? []), ...(droppedTags ?? [])];
    const values = requestValues({
      "aws:TagKeys": keys.length > 0 ? keys : undefined,
      ...Object.fromEntries([...(tags ?? [])].map(([key, value]) => [`aws:RequestTag/${key}`, value])),
    });
    const named = resource === "*" ? resource : base + resource;
    const request = { action: `cassandra:${action}`, resource: named, values };
    const decision = authoriser.decide(caller, request);
    if (!decision.lacksTags) return { request, decision };
    const ofResource = requestValues(resourceTagValues(tagsAt(request.resource), "cassandra"));
    const known = { ...request, values: new Map([...values, ...ofResource]) };
    return { request, decision: authoriser.decide(caller, known) };
  };
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
