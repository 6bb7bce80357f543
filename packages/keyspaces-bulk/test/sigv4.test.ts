import { createHash, createHmac } from "node:crypto";
import { describe, expect, jest, test } from "@jest/globals";
import type { AwsCredentials } from "@keyspaces-segmentation/aws-session";
import { StepError } from "@keyspaces-segmentation/common";
import { sigV4AuthProvider } from "@keyspaces-segmentation/keyspaces-bulk/dist/sigv4.js";

const nonce = "91703fdc2ef562e19fbdab0f58e42fe5";

/** The signature as the plugins' documentation describes it, written down here a second time. */
function expectedSignature(secret: string, accessKeyId: string, region: string, amzdate: string): string {
  const day = amzdate.slice(0, 10).replaceAll("-", "");
  const scope = `${day}/${region}/cassandra/aws4_request`;
  const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
  const hmac = (key: string | Buffer, text: string) => createHmac("sha256", key).update(text).digest();
  const query =
    `X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=${accessKeyId}%2F${encodeURIComponent(scope)}` +
    `&X-Amz-Date=${encodeURIComponent(amzdate)}&X-Amz-Expires=900`;
  const request = `PUT\n/authenticate\n${query}\nhost:cassandra\n\nhost\n${sha256(nonce)}`;
  const toSign = `AWS4-HMAC-SHA256\n${amzdate}\n${scope}\n${sha256(request)}`;
  const key = [day, region, "cassandra", "aws4_request"].reduce<string | Buffer>(hmac, `AWS4${secret}`);
  return hmac(key, toSign).toString("hex");
}

/** One handshake: both messages of the client, as the driver would get them. */
async function handshake(
  credentials: () => Promise<AwsCredentials>,
  patienceMs?: number,
): Promise<{ first: Buffer; second: string }> {
  const provider = sigV4AuthProvider({ region: "us-west-2", credentials }, () => undefined, patienceMs);
  const authenticator = provider.newAuthenticator("127.0.0.1:1", "x");
  const asked = (ask: (callback: (error: Error | null, token?: Buffer) => void) => void) =>
    new Promise<Buffer>((resolve, reject) => ask((error, token) => (error ? reject(error) : resolve(token as Buffer))));
  const first = await asked((callback) => authenticator.initialResponse(callback));
  const second = await asked((callback) => authenticator.evaluateChallenge(Buffer.from(`nonce=${nonce}`), callback));
  return { first, second: second.toString() };
}

describe("a handshake", () => {
  test("announces SigV4 and signs the nonce with the session's credentials", async () => {
    const { first, second } = await handshake(async () => ({
      accessKeyId: "UserID-1",
      secretAccessKey: "UserSecretKey-1",
      sessionToken: "sess-token-1",
    }));
    expect(first).toEqual(Buffer.from("5369675634" + "0000", "hex"));
    const [, signature, amzdate] =
      /^signature=([0-9a-f]{64}),access_key=UserID-1,amzdate=(.+?),session_token=sess-token-1$/.exec(second) ?? [];
    expect(signature).toBe(expectedSignature("UserSecretKey-1", "UserID-1", "us-west-2", amzdate as string));
  });

  test("takes the credentials of the moment, so that renewed ones are used", async () => {
    let calls = 0;
    const credentials = async () => ({ accessKeyId: `AKIA${++calls}`, secretAccessKey: "s" });
    const provider = sigV4AuthProvider({ region: "us-west-2", credentials });
    for (const expected of ["AKIA1", "AKIA2"]) {
      const answer = await new Promise<string>((resolve) =>
        provider
          .newAuthenticator("127.0.0.1:1", "x")
          .evaluateChallenge(Buffer.from(`nonce=${nonce}`), (_: unknown, token: Buffer) => resolve(token.toString())),
      );
      expect(answer).toContain(`access_key=${expected},`);
    }
  });

  test.each([
    ["cannot be resolved", () => Promise.reject(new Error("Token is expired"))],
    ["have expired", async () => ({ accessKeyId: "A", secretAccessKey: "s", expiration: new Date(0) })],
    ["are empty", async () => ({ accessKeyId: "", secretAccessKey: "" })],
  ])("whose credentials %s ends with an error instead of hanging", async (_, credentials) => {
    await expect(handshake(credentials)).rejects.toThrow(StepError);
  });

  test("whose credentials never come ends with an error too", async () => {
    const never = () => new Promise<AwsCredentials>(() => undefined);
    await expect(handshake(never, 20)).rejects.toThrow("no answer within 0.02 s");
  });
});

test("the plugin, and version 2 of the SDK with it, is loaded where a connection is to be signed in, and not before", () => {
  jest.isolateModules(() => {
    const load = jest.fn(() => ({ SigV4AuthProvider: class {} }));
    jest.doMock("aws-sigv4-auth-cassandra-plugin", load);
    const loaded = require("@keyspaces-segmentation/keyspaces-bulk/dist/sigv4.js") as {
      sigV4AuthProvider: typeof sigV4AuthProvider;
    };
    expect(load).not.toHaveBeenCalled();
    loaded.sigV4AuthProvider({
      region: "us-west-2",
      credentials: async () => ({ accessKeyId: "A", secretAccessKey: "s" }),
    });
    expect(load).toHaveBeenCalledTimes(1);
  });
});
