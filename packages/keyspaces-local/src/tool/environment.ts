import { shellQuoted } from "@keyspaces-segmentation/local-support";
import type { KeyspacesLocal } from "./running.js";

type Connection = Pick<KeyspacesLocal, "contactPoint" | "port" | "region" | "caFile" | "credentials" | "adminUrl">;

/** What a client needs to reach it, as the SDKs of AWS name it, and two of this program's own. */
function environmentOf({
  contactPoint,
  port,
  region,
  caFile,
  credentials,
  adminUrl,
}: Connection): Record<string, string> {
  return {
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ENDPOINT_URL_KEYSPACES: adminUrl,
    AWS_ENDPOINT_URL_KEYSPACESSTREAMS: adminUrl,
    KEYSPACES_ENDPOINT: `${contactPoint}:${port}`,
    KEYSPACES_CA_FILE: caFile,
  };
}

/** The same for a shell to source: a session token or a profile of the user's own would lead past it. */
export function shellScriptOf(connection: Connection): string {
  const exports = Object.entries(environmentOf(connection)).map(
    ([name, value]) => `export ${name}=${shellQuoted(value)}\n`,
  );
  return `unset AWS_SESSION_TOKEN AWS_PROFILE AWS_DEFAULT_PROFILE\n${exports.join("")}`;
}
