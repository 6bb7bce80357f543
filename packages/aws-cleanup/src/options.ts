import { StepError } from "@keyspaces-segmentation/common";
export const cleanupUsage: string =
  "npm run cleanup -- [--dry-run] [--run ID]... [--all] [--param name=value]... [--json]";

/** The options of the command, as `parseArgs` takes them. */
export const cleanupOptions: {
  readonly "dry-run": { readonly type: "boolean" };
  readonly run: { readonly type: "string"; readonly multiple: true };
  readonly all: { readonly type: "boolean" };
} = { "dry-run": { type: "boolean" }, run: { type: "string", multiple: true }, all: { type: "boolean" } };

/**
 * Which runs' things are to go: those of the runs that are named, whoever has made them; all of one's own; or, of one's own, those of
 * runs that have broken off, as they have kept no results and are not under way.
 */
export type Choice = { readonly runs: readonly string[] } | "all" | "broken off";

/** What the options come to. @throws StepError for those that contradict each other */
export function choiceOf(values: Readonly<Record<string, unknown>>): { choice: Choice; isDryRun: boolean } {
  const runs = values.run as readonly string[] | undefined;
  if (runs && values.all === true) {
    const hint = "--run takes what these runs have made, whoever they were; --all takes all that is yours.";
    throw new StepError({ tried: "choose what goes", got: "both --run and --all are given", hint });
  }
  const choice: Choice = runs ? { runs } : values.all === true ? "all" : "broken off";
  return { choice, isDryRun: values["dry-run"] === true };
}
