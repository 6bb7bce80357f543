import { describe, expect, test } from "@jest/globals";
import { StepError } from "@keyspaces-segmentation/common";
import { showChecks } from "@keyspaces-segmentation/notebook-charts/dist/show_checks.js";
import { usePrinted } from "../../../test/support/printed.js";

describe("showChecks", () => {
  const printed = usePrinted();

  test("shows every check, and what to do only where one failed", () => {
    showChecks([{ name: "Region", state: "ok" as const, detail: "eu-west-1", todo: "nothing" }]);
    expect(printed.at(-1)).toMatch(/✓ +Region +eu-west-1$/);
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
    expect(printed.at(-1)).toMatch(/✗ +Bucket +AccessDenied/);
  });

  test("goes on past what only a later step needs, and shows what to do", () => {
    showChecks([{ name: "Train", state: "to do", detail: "AccessDenied", todo: "Add it.", later: true }]);
    expect(printed.at(-1)).toMatch(/✗ +Train +AccessDenied +Add it\.$/);
  });

  test("goes on past what is unchecked, and shows what to do should it turn out wrong", () => {
    showChecks([{ name: "Role", state: "unchecked", detail: "may not be read", todo: "Name another." }]);
    expect(printed.at(-1)).toMatch(/unchecked +Role +may not be read +Name another\.$/);
  });
});
