import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { ROOT } from "@keyspaces-segmentation/local-support";
import { type Program, plainEnvironment, type ReadyLine, runProgram } from "../tool/program.js";
import { drivers, requireInstalled } from "./drivers.js";
import { type StepReport, startProgram } from "./run_program.js";
import { type Step, type StepName, steps } from "./steps.js";

/** The tool as somebody starts it, in its strict mode: several hosts, empty pages, new tables that take little at first. */
const folder = mkdtempSync(join(tmpdir(), "drivers-"));
let tool: Program;
let ready: ReadyLine;

beforeAll(async () => {
  tool = runProgram(["--port", "0", "--json", "--definition-ms", "300"], folder);
  ready = await tool.ready();
});
afterAll(async () => {
  tool.child.kill("SIGTERM");
  await tool.ended;
  rmSync(folder, { recursive: true, force: true });
});

/** As the tool's own environment.sh sets it: no profile, and no other account's key, of whoever runs the tests. */
const environmentFor = (keyspace: string): NodeJS.ProcessEnv =>
  plainEnvironment({
    HOME: folder,
    NODE_PATH: join(ROOT, "node_modules"),
    AWS_ACCESS_KEY_ID: ready.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: ready.credentials.secretAccessKey,
    AWS_REGION: ready.region,
    AWS_DEFAULT_REGION: ready.region,
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_SDK_JS_SUPPRESS_MAINTENANCE_MODE_MESSAGE: "1",
    KEYSPACES_ENDPOINT: `${ready.contactPoint}:${ready.port}`,
    KEYSPACES_CA_FILE: ready.caFile,
    DRIVER_KEYSPACE: keyspace,
  });

interface Injected {
  readonly dropped: number;
  readonly throttled: number;
}

/** @returns how often each fault has struck until now */
async function setFaults(request: unknown = {}): Promise<Injected> {
  const response = await fetch(`${ready.adminUrl}/faults`, { method: "PUT", body: JSON.stringify(request) });
  return ((await response.json()) as { injected: Injected }).injected;
}

/** What came of a step, and whether its fault struck. */
type Outcome = Omit<StepReport, "step"> & { readonly struck?: boolean };

type NamedStep = Step & { readonly name: StepName };

test.each(drivers.map((driver) => [driver.head, driver] as const))("%s", async (_, driver) => {
  const { name, command, installed = [], cannot = {}, fails = {}, faults: own = {} } = driver;
  requireInstalled(installed);
  const keyspace = `with_${name}`;
  const program = startProgram(command, environmentFor(keyspace), folder);
  const outcomes: Record<string, Outcome> = {};
  const wanted: readonly NamedStep[] = steps.filter((step) => !(step.name in cannot));
  try {
    for (const { name: step, faults } of wanted) {
      const before = faults && (await setFaults((own[step] ?? faults.request)(keyspace)));
      const { ok, detail } = await program.step(step).catch(({ message }: Error) => ({ ok: false, detail: message }));
      const after = faults && (await setFaults());
      outcomes[step] = faults
        ? { ok, detail, struck: after![faults.counted] > before![faults.counted] }
        : { ok, detail };
    }
  } finally {
    await setFaults();
    await program.end();
  }
  const expected = wanted.map(({ name: step, expected: detail, faults }) => [
    step,
    {
      ok: !(step in fails),
      detail: expect.stringMatching(fails[step]?.detail ?? detail),
      ...(faults && { struck: true }),
    },
  ]);
  expect(outcomes).toEqual(Object.fromEntries(expected));
});
