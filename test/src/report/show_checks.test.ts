import { afterEach, beforeEach, describe, expect, jest, test } from "@jest/globals";
import { StepError } from "../../../src/errors.js";
import { showChecks } from "../../../src/report/show_checks.js";

describe("showChecks", () => {
  let shown = "";
  beforeEach(() => {
    jest.spyOn(console, "log").mockImplementation((text: string) => {
      shown = text;
    });
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });

  test("shows every check, and what to do only where one failed", () => {
    showChecks([{ name: "Region", ok: true, detail: "eu-west-1", todo: "nothing" }]);
    expect(shown).toMatch(/✓ +Region +eu-west-1$/);
  });

  test("ends the cell with all that failed in one line, and the first thing to do", () => {
    const checks = [
      { name: "Region", ok: true, detail: "eu-west-1" },
      { name: "Role", ok: false, detail: "none found", todo: "Name one." },
      { name: "Bucket", ok: false, detail: "AccessDenied" },
    ];
    expect(() => showChecks(checks)).toThrow(
      new StepError({ tried: "start the walkthrough", got: "Role: none found; Bucket: AccessDenied" }),
    );
    expect(shown).toMatch(/✗ +Bucket +AccessDenied/);
  });
});
