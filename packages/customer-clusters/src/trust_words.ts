import { formatNumber } from "@keyspaces-segmentation/common";
import type { TrustGauge } from "@keyspaces-segmentation/kmeans";

/** Agreement from which a partition counts as steady, and as fairly steady: our own bounds, for words; the figures stand beside. */
const STEADY = 0.9;
const FAIRLY_STEADY = 0.75;
/** Means of 50 samples that differ by less may do so by chance. */
const SAME = 0.05;
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
  const { k, rows, fittedRows, starts, startsAtBest, agreement, onTheFence, fence } = gauge;
  const hits = Math.round(startsAtBest * starts);
  return {
    setting,
    clusters: k,
    verdict: verdictOn(gauge),
    found:
      `${hits} of ${starts} starts${fittedRows < rows ? `, on a sample of ${formatNumber(fittedRows)} customers,` : ""} end at the best result` +
      (startsAtBest < EASILY_FOUND ? "; another training may well end at another one." : "."),
    stays:
      `With customers drawn anew ${agreement.samples} times, the clusters agree to ${points(agreement.mean)} of 100 ` +
      `(${points(agreement.least)} to ${points(agreement.most)}; 100: the same, 0: chance).`,
    onTheFence:
      onTheFence.length === 0
        ? "No customer lies on the fence between two clusters."
        : `${formatNumber(onTheFence.length)} of ${formatNumber(rows)} customers (${percent(onTheFence.length / rows)}) lie on the fence: ` +
          `their cluster is less than ${percent(fence)} nearer than the next one.`,
  };
}

/** A gauge and the name of what it is about. */
export interface GaugedSetting {
  readonly setting: string;
  readonly gauge: TrustGauge;
}

/** Two settings side by side, such as the published one and an alternative, and which of them to trust more. */
export function compareTrust(
  a: GaugedSetting,
  b: GaugedSetting,
): { readonly table: TrustWords[]; readonly conclusion: string } {
  const both = [a, b];
  const [more, less] = a.gauge.agreement.mean >= b.gauge.agreement.mean ? [a, b] : [b, a];
  const [most, least] = [more.gauge.agreement.mean, less.gauge.agreement.mean];
  const lead =
    most - least < SAME
      ? `“${more.setting}” and “${less.setting}” are about equally steady (${points(most)} and ${points(least)} of 100).`
      : `“${more.setting}” is steadier than “${less.setting}”: ${points(most)} against ${points(least)} of 100.`;
  const luck = both.filter(({ gauge }) => gauge.startsAtBest < EASILY_FOUND).map(({ setting }) => `“${setting}”`);
  const caution =
    luck.length > 0
      ? ` Finding the best result takes luck with ${luck.join(" and ")}: keep the model, or use more starts.`
      : "";
  return { table: both.map(({ setting, gauge }) => describeTrust(setting, gauge)), conclusion: `${lead}${caution}` };
}

function verdictOn({ agreement }: TrustGauge): string {
  if (agreement.mean >= STEADY) return "steady";
  return agreement.mean >= FAIRLY_STEADY ? "fairly steady" : "shaky";
}

const points = (index: number): string => formatNumber(100 * index);
const percent = (part: number): string =>
  `${formatNumber(100 * part, part > 0 && part < 0.1 ? 1 : 0).replace(/\.0$/, "")} %`;
