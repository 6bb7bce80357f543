import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { catalogue, type RuleCode } from "@keyspaces-segmentation/keyspaces-local/dist/catalogue/catalogue.js";
import { ROOT } from "@keyspaces-segmentation/local-support";

/** What comes of one of gocql's tests: that it passes, that it skips itself, the code of the rule that it breaks, or another reason in words. */
export type Outcome = "passes" | "skips itself" | RuleCode | (string & {});

const file = join(ROOT, "packages", "keyspaces-local", "test", "drivers", "gocql_suite", "outcomes.json");
export const outcomes: Readonly<Record<string, Outcome>> = JSON.parse(readFileSync(file, "utf8"));

export const isRule = (outcome: Outcome): outcome is RuleCode => Object.hasOwn(catalogue, outcome);

/** Those of gocql's tests in a folder that ask a server, by the build tags of their files; the others never speak with one. */
export function testsOfServer(folder: string): string[] {
  const texts = readdirSync(folder)
    .filter((name) => name.endsWith("_test.go"))
    .map((name) => readFileSync(join(folder, name), "utf8"))
    .filter((text) => /^\/\/go:build .*\b(cassandra|integration)\b/m.test(text));
  return texts.flatMap((text) => [...text.matchAll(/^func (Test\w+)\(/gm)].map(([, name = ""]) => name)).sort();
}

/** The README's table of those that do not pass, in Markdown. */
export function gocqlTable(): string {
  const entries = Object.entries(outcomes);
  const count = (wanted: Outcome) => entries.filter(([, outcome]) => outcome === wanted).length;
  const reasons = entries.filter(([, outcome]) => outcome !== "passes" && outcome !== "skips itself");
  const rows = reasons.map(([name, outcome]) => {
    const reason = isRule(outcome) ? `\`${outcome}\`: ${catalogue[outcome].what}` : outcome;
    return `| ${name} | ${reason} |`;
  });
  return [
    `Of ${entries.length}, ${count("passes")} pass and ${count("skips itself")} skip themselves. The others, and why:`,
    "",
    "| test | reason |",
    "| --- | --- |",
    ...rows,
  ].join("\n");
}
