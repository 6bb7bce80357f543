import { expect, test } from "@jest/globals";
import type { Settings } from "../../src/settings.js";
import { NULL_WORDS, PARAMETER_WORDS, settingsRows } from "../../src/show_settings.js";

/** Settings of which every parameter that can be is null. */
function settings(): Pick<Settings, "parameters" | "sources"> {
  const names = Object.keys(PARAMETER_WORDS);
  const parameters = Object.fromEntries(names.map((name) => [name, name in NULL_WORDS ? null : `a ${name}`]));
  const sources = Object.fromEntries(names.map((name) => [name, "notebook"]));
  return { parameters, sources } as unknown as Settings;
}

test("every parameter has a row with its value, where that came from, and words for it", () => {
  const rows = settingsRows(settings());
  expect(rows.map(({ parameter }) => parameter)).toEqual(Object.keys(PARAMETER_WORDS));
  for (const { meaning, from } of rows) {
    expect(meaning).toMatch(/^\S.+\S$/);
    expect(from).toBe("notebook");
  }
  expect(rows.find(({ parameter }) => parameter === "k")?.value).toBe("a k");
});

test("a parameter that is null is shown with what that stands for", () => {
  const nulls = settingsRows(settings()).filter(({ parameter }) => parameter in NULL_WORDS);
  expect(nulls.length).toBeGreaterThan(0);
  expect(nulls.map(({ value }) => value)).toEqual(nulls.map(({ parameter }) => (NULL_WORDS as never)[parameter]));
  expect(settingsRows(settings()).map(({ value }) => value)).not.toContain("null");
});

test("lists and yes or no are shown as words as well", () => {
  const { parameters, sources } = settings();
  const rows = settingsRows({
    parameters: { ...parameters, recencyCuts: [30, 90, 180, 365], cleanUp: false },
    sources,
  });
  const shownAs = (name: string) => rows.find(({ parameter }) => parameter === name)?.value;
  expect([shownAs("recencyCuts"), shownAs("cleanUp")]).toEqual(["30,90,180,365", "false"]);
});
