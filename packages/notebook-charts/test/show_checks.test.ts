import { afterEach, beforeEach, describe, expect, jest, test } from "@jest/globals";
import { StepError } from "@keyspaces-segmentation/common";
import { showChecks } from "@keyspaces-segmentation/notebook-charts/dist/show_checks.js";

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
    showChecks([{ name: "Region", state: "ok" as const, detail: "eu-west-1", todo: "nothing" }]);
    expect(shown).toMatch(/✓ +Region +eu-west-1$/);
  });

  test("ends the cell with all that failed in one line, and the first thing to do", () => {
    const checks = [
      { name: "Region", state: "ok" as const, detail: "eu-west-1" },
      { name: "Role", state: "to do" as const, detail: "none found", todo: "Name one." },
      { name: "Bucket", state: "to do" as const, detail: "AccessDenied" },
    ];
    expect(() => showChecks(checks)).toThrow(
      new StepError({ tried: "start the walkthrough", got: "Role: none found; Bucket: AccessDenied" }),
    );
    expect(shown).toMatch(/✗ +Bucket +AccessDenied/);
  });

  test("goes on past what is unchecked, and shows what to do should it turn out wrong", () => {
    showChecks([{ name: "Role", state: "unchecked", detail: "may not be read", todo: "Name another." }]);
    expect(shown).toMatch(/unchecked +Role +may not be read +Name another\.$/);
  });
});
