import { AwsError, type Identity, temporaryKeys } from "@keyspaces-segmentation/local-support";
import { roleArn } from "../authorise/describe_glue.js";
import type { Gate } from "../authorise/gate.js";
import { serviceSession } from "../authorise/gate.js";
import type { Roles } from "./context.js";

/** As Glue calls its sessions of the roles of jobs. */
export const GLUE_SESSION = "GlueJobRunnerSession";

/**
 * The roles of IAM that Glue may act as; without a gate, any, and each may do everything.
 *
 * @param identities whose signatures are believed: sessions are added, and taken away when a run ends
 */
export function openRoles(identities: Identity[], gate: Gate | undefined): Roles {
  return {
    arnOf: (role, account) => roleArn(role, account, (name) => gate?.arnOfRole(name)),
    trust(arn, jobArn, account) {
      if (!gate || gate.trusts(arn, "glue.amazonaws.com", jobArn, account)) return;
      throw new AwsError(
        "InvalidInputException",
        `Role ${arn} should be given assume role permissions for Glue Service.`,
      );
    },
    begin(arn) {
      const { arn: session, account } = serviceSession(arn, GLUE_SESSION);
      const identity: Identity = {
        ...temporaryKeys(),
        arn: session,
        account,
        userId: `AROA${"GLUE".repeat(4)}:${GLUE_SESSION}`,
        permissions: gate ? "policies" : "all",
      };
      identities.push(identity);
      return { identity, end: () => void identities.splice(identities.indexOf(identity), 1) };
    },
  };
}
