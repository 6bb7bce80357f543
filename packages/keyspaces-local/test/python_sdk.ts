import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { type Identity, PYTHON, ROOT } from "@keyspaces-segmentation/local-support";

export interface Answer {
  // biome-ignore lint/suspicious/noExplicitAny: whatever the SDK gives.
  readonly ok?: any;
  readonly error?: string;
  readonly status?: number;
  readonly message?: string;
  readonly errorCode?: string;
}

/** The Python SDK in a process of its own. */
export interface Sdk {
  /** @param operation of Keyspaces, or with the name of another service: `keyspacesstreams.get_records` */
  call(operation: string, callArguments?: object): Promise<Answer>;
  pages(operation: string, size: number, callArguments?: object): Promise<Answer>;
}

/** Those of one suite, for one Region. */
export interface Sdks {
  start(url: string, credentials: Identity, ...protocol: string[]): Sdk;
  end(): Promise<void>;
}

export function createSdks(region: string): Sdks {
  const children: ChildProcess[] = [];
  return {
    start: (url, credentials, ...protocol) => {
      const env = {
        PATH: process.env.PATH,
        HOME: "/nonexistent",
        AWS_ACCESS_KEY_ID: credentials.accessKeyId,
        AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
        AWS_SESSION_TOKEN: credentials.sessionToken,
        AWS_DEFAULT_REGION: region,
        AWS_ENDPOINT_URL: url,
        AWS_EC2_METADATA_DISABLED: "true",
      };
      const child = spawn(PYTHON, [join(ROOT, "test/fixtures/keyspaces_sdk.py"), ...protocol], {
        env,
        stdio: ["pipe", "pipe", "inherit"],
      });
      children.push(child);
      const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
      const ask = async (call: unknown): Promise<Answer> => {
        child.stdin.write(`${JSON.stringify(call)}\n`);
        const { value } = await lines.next();
        return JSON.parse(value as string) as Answer;
      };
      return {
        call: (operation, callArguments = {}) => ask([operation, callArguments]),
        pages: (pages, size, callArguments = {}) => ask({ pages, size, arguments: callArguments }),
      };
    },
    end: async () => {
      for (const child of children) {
        child.stdin?.end();
        if (child.exitCode === null) await once(child, "exit");
      }
    },
  };
}
