import { ArgumentError } from "../errors.js";
import type { TrustGauge } from "./trust.js";

/** Agreement from which a partition counts as steady, and as fairly steady: our own bounds, for words; the figures stand beside. */
const STEADY = 0.9;
const FAIRLY_STEADY = 0.75;
/** Part of the starts from which a result is no luck. */
const EASILY_FOUND = 0.5;

/** A gauge in words a marketer reads: one row of a table. */
export interface TrustWords {
  /** What was gauged, such as "as published". */
  readonly setting: string;
  readonly clusters: number;
  /** "steady", "fairly steady" or "shaky". */
  readonly verdict: string;
  readonly found: string;
  readonly stays: string;
  readonly onTheFence: string;
}

/** @param setting names what was gauged, as in "min-max, 6 clusters" */
export function describeTrust(setting: string, gauge: TrustGauge): TrustWords {
  const { k, rows, starts, startsAtBest, agreement, onTheFence, fence } = gauge;
  const hits = Math.round(startsAtBest * starts);
  return {
    setting,
    clusters: k,
    verdict: verdictOn(gauge),
    found:
      `${hits} of ${starts} starts end at the best result` +
      (startsAtBest < EASILY_FOUND ? "; with fewer starts another one is likely." : "."),
    stays:
      `With customers drawn anew ${agreement.samples} times, the clusters agree to ${points(agreement.mean)} of 100 ` +
      `(${points(agreement.least)} to ${points(agreement.most)}; 100: the same, 0: chance).`,
    onTheFence:
      onTheFence.length === 0
        ? "No customer lies on the fence between two clusters."
        : `${count(onTheFence.length)} of ${count(rows)} customers (${percent(onTheFence.length / rows)}) lie on the fence: ` +
          `their cluster is less than ${percent(fence)} nearer than the next one.`,
  };
}

/**
 * Two or more settings side by side, and which of them to trust more.
 *
 * @throws ArgumentError unless there are two or more
 */
export function compareTrust(gauges: readonly { readonly setting: string; readonly gauge: TrustGauge }[]): {
  readonly table: TrustWords[];
  readonly conclusion: string;
} {
  if (gauges.length < 2) throw new ArgumentError("gauges", "two or more", gauges.length);
  const [first, second] = gauges.toSorted((a, b) => b.gauge.agreement.mean - a.gauge.agreement.mean) as [
    (typeof gauges)[0],
    (typeof gauges)[0],
  ];
  const [best, next] = [points(first.gauge.agreement.mean), points(second.gauge.agreement.mean)];
  const lead =
    best === next
      ? `${quoted(first.setting)} and ${quoted(second.setting)} are equally steady (${best} of 100).`
      : `${quoted(first.setting)} is the steadiest: ${best} of 100 against ${next} for ${quoted(second.setting)}.`;
  const luck = gauges.filter(({ gauge }) => gauge.startsAtBest < EASILY_FOUND).map(({ setting }) => quoted(setting));
  const caution =
    luck.length > 0
      ? ` Finding the best result takes luck with ${luck.join(" and ")}: keep the model, or use more starts.`
      : "";
  return { table: gauges.map(({ setting, gauge }) => describeTrust(setting, gauge)), conclusion: `${lead}${caution}` };
}

function verdictOn({ agreement }: TrustGauge): string {
  if (agreement.mean >= STEADY) return "steady";
  return agreement.mean >= FAIRLY_STEADY ? "fairly steady" : "shaky";
}

const points = (index: number): string => String(Math.round(100 * index));
const percent = (part: number): string =>
  `${(100 * part).toFixed(part > 0 && part < 0.1 ? 1 : 0).replace(/\.0$/, "")} %`;
const count = (value: number): string => value.toLocaleString("en-US");
const quoted = (setting: string): string => `“${setting}”`;
