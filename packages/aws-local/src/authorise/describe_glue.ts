import { type AccessRequest, actionNamed, requestValues } from "@keyspaces-segmentation/iam-local";
import { type Call, type Describe, membersOf } from "./call.js";

const textOf = (value: unknown): string => (typeof value === "string" ? value : "");
const fieldsOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};

/** A role as policies name it, of its name or ARN, which Glue takes both. */
export const roleArn = (role: string, account: string, arnOfRole: (name: string) => string | undefined): string =>
  role.startsWith("arn:") ? role : (arnOfRole(role) ?? `arn:aws:iam::${account}:role/${role}`);

/**
 * What a request to Glue, about its jobs, wants to do.
 *
 * @param arnOfRole the ARN of a role by its name, with the path that is in it
 */
export const describeGlue =
  (arnOfRole: (name: string) => string | undefined): Describe =>
  ({ operation, body, account, region }: Call) => {
    const action = `glue:${operation}`;
    const known = actionNamed(action);
    if (!known) return undefined;
    const members = membersOf(body);
    if (Object.keys(known.resources).length === 0) return [{ action, resource: "*", values: requestValues({}) }];
    if (/Tags$|^(Tag|Untag)Resource$/.test(operation)) {
      const keys = Object.keys(fieldsOf(members.TagsToAdd));
      const values = requestValues({ "aws:TagKeys": keys.length > 0 ? keys : undefined });
      return [{ action, resource: textOf(members.ResourceArn), values }];
    }
    const name = textOf(members[operation === "CreateJob" ? "Name" : "JobName"]);
    const resource = `arn:aws:glue:${region}:${account}:job/${name}`;
    const tags = Object.entries(fieldsOf(members.Tags)).map(([key, value]) => [key, textOf(value)] as const);
    const values = requestValues({
      ...Object.fromEntries(tags.map(([key, value]) => [`aws:RequestTag/${key}`, value])),
      "aws:TagKeys": tags.length > 0 ? tags.map(([key]) => key) : undefined,
    });
    const requests: AccessRequest[] = [{ action, resource, values }];
    if (operation === "CreateJob" && tags.length > 0) requests.push({ action: "glue:TagResource", resource, values });
    const role = textOf(operation === "UpdateJob" ? fieldsOf(members.JobUpdate).Role : members.Role);
    if (role !== "") {
      const passing = requestValues({ "iam:PassedToService": "glue.amazonaws.com" });
      requests.push({ action: "iam:PassRole", resource: roleArn(role, account, arnOfRole), values: passing });
    }
    return requests;
  };
