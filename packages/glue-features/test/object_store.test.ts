import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "@jest/globals";
import { PYTHON, ROOT } from "@keyspaces-segmentation/local-support";

/** The address that the scripts' store asks for an object, by the SDK that Glue has as well. */
async function addressOf(uri: string, region: string, fips: "true" | "false"): Promise<string> {
  const script = `import sys; sys.path.insert(0, ${JSON.stringify(join(ROOT, "jobs"))})
from object_store import Store
store = Store(${JSON.stringify(uri)}, ${JSON.stringify(region)}, {"kms_key": None, "run": None, "made_for": None, "fips": ${JSON.stringify(fips)}})
client = store._client()
store._client = lambda: client
def show(request, **_):
    print(request.url)
    raise KeyboardInterrupt
client.meta.events.register("before-send.s3.GetObject", show)
try: store.get("manifest.json")
except KeyboardInterrupt: pass`;
  const env = { PATH: process.env.PATH, AWS_ACCESS_KEY_ID: "AKIAEXAMPLE", AWS_SECRET_ACCESS_KEY: "secret" };
  const { stdout } = await promisify(execFile)(PYTHON, ["-B", "-c", script], { env });
  return stdout.trim();
}

test.each([
  [
    "s3://shop/features/1",
    "us-west-2",
    "true",
    "https://shop.s3-fips.us-west-2.amazonaws.com/features/1/manifest.json",
  ],
  [
    "s3://shop/features/1/",
    "us-gov-west-1",
    "true",
    "https://shop.s3-fips.us-gov-west-1.amazonaws.com/features/1/manifest.json",
  ],
  ["s3://shop/features/1", "us-west-2", "false", "https://shop.s3.us-west-2.amazonaws.com/features/1/manifest.json"],
  ["s3://shop/", "eu-west-1", "false", "https://shop.s3.eu-west-1.amazonaws.com/manifest.json"],
] as const)("of %s in %s, with FIPS %s, a script asks %s", async (uri, region, fips, address) => {
  expect(await addressOf(uri, region, fips)).toBe(address);
});
