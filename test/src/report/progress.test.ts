import { afterEach, beforeEach, describe, expect, jest, test } from "@jest/globals";
import { progress } from "../../../src/report/progress.js";

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
});
