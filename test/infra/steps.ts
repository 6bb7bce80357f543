import { createAuthoriser, type Entity, requestValues } from "@keyspaces-segmentation/iam-local";
import type { UsedPermission } from "../../local/permission_record.js";
import { policiesOfKey, policiesOfRoles } from "../../local/permissions.js";
import { type PolicyParameters, renderPolicy } from "../../local/policies.js";

/** What the first step cannot do without. Of all else it only asks beforehand whether it is allowed, and goes on whatever comes back. */
const neededFirst = ["s3:ListAllMyBuckets", "s3:ListBucket", "s3:CreateBucket", "iam:GetRole"];
const isNeeded = ({ step, action }: UsedPermission): boolean =>
  !step.startsWith("Part 1") || neededFirst.includes(action);

/**
 * The first permission of a run that would have been refused if a statement had been missing: the step that would have failed.
 * What is refused with all of them in place was asked in vain, and failed nothing.
 *
 * @param used what the run has asked for, in order
 * @param scope what the policies were held to
 */
export function firstMissed(
  used: readonly UsedPermission[],
  sid: string,
  scope: PolicyParameters,
): UsedPermission | undefined {
  const [whole, without] = [refuserWith(scope), refuserWith(scope, sid)];
  return used.find((each) => isNeeded(each) && without(each) && !whole(each));
}

/** Whether a request is refused under the policies, without the statement of that Sid. */
function refuserWith(scope: PolicyParameters, sid?: string): (request: UsedPermission) => boolean {
  const account = scope["AWS::AccountId"]!;
  const authoriser = createAuthoriser({ region: scope["AWS::Region"]!, now: () => new Date() });
  const entities: Entity[] = Object.entries(policiesOfRoles).map(([role, policies]) => ({
    arn: `arn:aws:iam::${account}:role/${role}`,
    policies: [...policies, ...(scope.KeyId ? policiesOfKey : [])].map((name) => {
      const document = renderPolicy(name, scope);
      const left = document.Statement.filter((statement) => (statement as { Sid: string }).Sid !== sid);
      return { name, document: { ...document, Statement: left } };
    }),
  }));
  authoriser.setEntities(entities);
  return ({ role, action, resource, values }) => {
    // A service that acts for itself has no policies.
    if (role.endsWith(".amazonaws.com")) return false;
    const arn = `arn:aws:sts::${account}:assumed-role/${role}/local`;
    const request = { action, resource, values: requestValues(values) };
    return !authoriser.decide({ arn, account, permissions: "policies" }, request).allowed;
  };
}
