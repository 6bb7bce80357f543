import { formatPlural } from "@keyspaces-segmentation/common";

/** Something that tells when a run was last at work. */
export interface Sign {
  /** "now" where it is still going on. */
  readonly at: Date | "now";
  /** "training job x is running", "written to s3://…". */
  readonly what: string;
}

/**
 * For so long a run that leaves no sign is taken for one that is under way: a person may go on with a notebook the next morning, and what a
 * run leaves until then costs cents, as jobs end by themselves.
 */
const QUIET_HOURS = 24;

const HOUR_MS = 3_600_000;

/** When a run began, which its id says; undefined where it does not. */
function beginOf(run: string): Date | undefined {
  const [, day, hours, minutes, seconds, ms] = /^(\d{4}-\d\d-\d\d)-(\d\d)-(\d\d)-(\d\d)-(\d{3})$/.exec(run) ?? [];
  const at = new Date(`${day}T${hours}:${minutes}:${seconds}.${ms}Z`);
  return Number.isNaN(at.getTime()) ? undefined : at;
}

/** "12 minutes ago" */
function agoText(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  if (minutes < 1) return "less than a minute ago";
  return minutes < 90
    ? `${formatPlural(minutes, "minute")} ago`
    : `${formatPlural(Math.round(minutes / 60), "hour")} ago`;
}

const timeOf = ({ at }: Sign, now: Date): number => (at === "now" ? now.getTime() : at.getTime());

/** The newest of signs. */
export const newest = (signs: readonly Sign[], now: Date): Sign | undefined =>
  signs.toSorted((a, b) => timeOf(b, now) - timeOf(a, now))[0];

/**
 * Runs that may be under way, and by what that is known, in words: those of which something is running, or which have begun or stored
 * something in the last {@link QUIET_HOURS}.
 */
export function activeRuns(
  signs: readonly { readonly run: string | undefined; readonly sign: Sign | undefined }[],
  now: Date,
): ReadonlyMap<string, string> {
  const byRun = new Map<string, Sign[]>();
  for (const { run, sign } of signs) {
    if (run === undefined) continue;
    const begin = beginOf(run);
    const ofRun = byRun.get(run) ?? (begin ? [{ at: begin, what: "begun" }] : []);
    byRun.set(run, sign ? [...ofRun, sign] : ofRun);
  }
  return new Map(
    [...byRun].flatMap(([run, ofRun]) => {
      const last = newest(ofRun, now);
      const quietMs = last ? now.getTime() - timeOf(last, now) : Number.POSITIVE_INFINITY;
      if (last === undefined || quietMs >= QUIET_HOURS * HOUR_MS) return [];
      return [[run, last.at === "now" ? last.what : `${last.what} ${agoText(quietMs)}`] as const];
    }),
  );
}
