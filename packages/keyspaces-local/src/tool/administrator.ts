import { randomBytes } from "node:crypto";
import { temporaryKeys } from "@keyspaces-segmentation/local-support";
import { readJson, writePrivate } from "./private_json.js";

/** Who may do everything: long-term keys, and a user name with a password for drivers that do not sign. */
export interface Administrator {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly userName: string;
  readonly password: string;
}

/**
 * The administrator of a data directory: the one of its first start, with other keys where they are given.
 *
 * @param file where it is kept
 */
export function administratorOf(
  file: string,
  given: {
    readonly accessKeyId?: string | undefined;
    readonly secretAccessKey?: string | undefined;
    readonly account: string;
  },
): Administrator {
  const kept = readJson(file) as Administrator | undefined;
  const administrator: Administrator = {
    accessKeyId: given.accessKeyId ?? kept?.accessKeyId ?? temporaryKeys().accessKeyId.replace("ASIA", "AKIA"),
    secretAccessKey: given.secretAccessKey ?? kept?.secretAccessKey ?? temporaryKeys().secretAccessKey,
    // The form that IAM gives to the user names of service-specific credentials.
    userName: `administrator-at-${given.account}`,
    password: kept?.password ?? randomBytes(24).toString("base64url"),
  };
  writePrivate(file, `${JSON.stringify(administrator, null, 2)}\n`);
  return administrator;
}
