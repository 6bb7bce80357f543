import { spawnSync } from "node:child_process";
import { afterEach, beforeEach, describe, expect, jest, test } from "@jest/globals";
import { progress } from "@keyspaces-segmentation/notebook-charts/dist/progress.js";

describe("progress outside a kernel", () => {
  let lines: string[];
  beforeEach(() => {
    lines = [];
    jest.spyOn(console, "log").mockImplementation((line: string) => void lines.push(line));
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });

  test("is a line a quarter of the way, then the end with the time taken", () => {
    let now = 5000;
    const load = progress("Loading", () => now);
    for (let step = 0; step <= 100; step++) {
      load.update({ fraction: step / 100, text: `${step} rows` });
      now += 20;
    }
    load.done("100 rows stored");
    expect(lines).toEqual([
      "Loading: 0 %, 0 rows",
      "Loading: 25 %, 25 rows",
      "Loading: 50 %, 50 rows",
      "Loading: 75 %, 75 rows",
      "Loading: 100 %, 100 rows",
      "✓ Loading: 100 rows stored (2.0 s)",
    ]);
  });

  test("is a line a change of status where nobody knows how far it is", () => {
    const training = progress("Training", () => 0);
    for (const text of ["Starting", "Starting", "Training", "Training", "Uploading"]) training.update({ text });
    expect(lines).toEqual(["Training: Starting", "Training: Training", "Training: Uploading"]);
  });

  test("does not mind a fraction beyond its ends", () => {
    const load = progress("Loading", () => 0);
    load.update({ fraction: -1, text: "a" });
    load.update({ fraction: 7, text: "b" });
    expect(lines).toEqual(["Loading: 0 %, a", "Loading: 100 %, b"]);
  });

  test("of a step that is over at once is its end alone, of one that leaps one line a leap", () => {
    const empty = progress("Loading", () => 0);
    empty.done("0 rows stored");
    const quick = progress("Reading", () => 0);
    for (const fraction of [0.1, 0.9, 0.95, 1]) quick.update({ fraction, text: "rows" });
    expect(lines).toEqual([
      "✓ Loading: 0 rows stored (0.0 s)",
      "Reading: 10 %, rows",
      "Reading: 90 %, rows",
      "Reading: 100 %, rows",
    ]);
  });
});

/** What a process whose kernel writes into `writes` says of a step. */
function inKernel(step: string, environment: NodeJS.ProcessEnv = {}) {
  const script = `
    const writes = [];
    const lastWriteDisplayData = ({ data, transient }, update) => writes.push({ ...data, id: transient.display_id, update });
    require.cache[require.resolve("tslab/dist/jupyter")] = { exports: { lastWriteDisplayData } };
    const { progress } = require(${JSON.stringify(require.resolve("@keyspaces-segmentation/notebook-charts/dist/progress.js"))});
    let now = 0;
    const it = progress("Loading <b>", () => now);
    ${step}
    console.log(JSON.stringify(writes));`;
  const { stdout, stderr } = spawnSync(process.execPath, ["-e", script], {
    cwd: __dirname,
    encoding: "utf8",
    env: { ...process.env, ...environment },
  });
  expect(stderr).toBe("");
  const lines = stdout.trim().split("\n");
  const writes = JSON.parse(lines.pop() as string) as (Record<"text/plain" | "text/html" | "id", string> & {
    update: boolean;
  })[];
  return { lines, writes };
}

describe("progress in a kernel", () => {
  const TENTHS = `for (let tenth = 0; tenth <= 10; tenth++, now += 100) it.update({ fraction: tenth / 10, text: "rows" });`;

  test("is one output, drawn anew at most four times a second, ending as what was said last", () => {
    const { writes } = inKernel(`${TENTHS} it.done("10 rows");`);
    expect(writes.map((write) => write["text/plain"])).toEqual([
      "Loading <b>: 0 %, rows",
      "Loading <b>: 30 %, rows",
      "Loading <b>: 60 %, rows",
      "Loading <b>: 90 %, rows",
      "✓ Loading <b>: 10 rows (1.1 s)",
    ]);
    expect(new Set(writes.map(({ id }) => id)).size).toBe(1);
    expect(writes.map(({ update }) => update)).toEqual([false, true, true, true, true]);
    expect(writes[1]?.["text/html"]).toMatch(/<progress max="1" value="0\.3".*Loading &lt;b&gt;: 30 %/);
    expect(writes.at(-1)?.["text/html"]).not.toContain("<progress");
  });

  test("shows a change of status however soon it comes, since the next may take minutes", () => {
    const { writes } = inKernel('for (const text of ["Starting", "Downloading", "Training"]) it.update({ text });');
    expect(writes.map((write) => write["text/plain"])).toEqual([
      "Loading <b>: Starting",
      "Loading <b>: Downloading",
      "Loading <b>: Training",
    ]);
  });

  test("is lines of text in a headless run", () => {
    const { lines, writes } = inKernel(`${TENTHS} it.done("10 rows");`, { SEGMENTATION_HEADLESS: "1" });
    expect(writes).toEqual([]);
    expect(lines).toHaveLength(6);
  });
});
