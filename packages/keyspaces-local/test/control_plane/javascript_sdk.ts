import type { Identity } from "@keyspaces-segmentation/local-support";

/** AWS's SDK for JavaScript. */
export interface JavaScriptSdk {
  /** @param operation its name in the API: `CreateTable` */
  // biome-ignore lint/suspicious/noExplicitAny: whatever the SDK gives.
  send(operation: string, input?: object): Promise<any>;
  end(): void;
}

interface KeyspacesModule {
  readonly KeyspacesClient: new (options: object) => { send(command: object): Promise<unknown>; destroy(): void };
  readonly [command: `${string}Command`]: new (input: object) => object;
}

/** Loaded where it is used: it takes a while, and its types are not of one version with those of the other clients. */
export function javaScriptSdk(endpoint: string, region: string, credentials: Identity): JavaScriptSdk {
  const sdk = require("@aws-sdk/client-keyspaces") as KeyspacesModule;
  const { accessKeyId, secretAccessKey, sessionToken } = credentials;
  const client = new sdk.KeyspacesClient({
    endpoint,
    region,
    credentials: { accessKeyId, secretAccessKey, sessionToken },
    maxAttempts: 1,
  });
  return {
    send: (operation, input = {}) => client.send(new sdk[`${operation}Command`]!(input)),
    end: () => client.destroy(),
  };
}
