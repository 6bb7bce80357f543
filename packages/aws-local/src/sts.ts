import type { ServerResponse } from "node:http";
import type { Identity } from "@keyspaces-segmentation/local-support";
import { AwsError } from "./errors.js";
import { escapeXml, writeQueryResult } from "./wire.js";

/** STS: who am I. Any authenticated principal may ask, as on AWS. */
export function answerSts(response: ServerResponse, identity: Identity, action: string): void {
  if (action !== "GetCallerIdentity") throw new AwsError("notEmulated", `STS ${action} is not emulated.`);
  const result = Object.entries({ Arn: identity.arn, UserId: identity.userId, Account: identity.account })
    .map(([name, value]) => `<${name}>${escapeXml(value)}</${name}>`)
    .join("");
  writeQueryResult(response, "https://sts.amazonaws.com/doc/2011-06-15/", action, result);
}
