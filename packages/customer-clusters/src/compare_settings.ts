import type { Matrix } from "@keyspaces-segmentation/kmeans";
import { differentRows, gaugeTrust, type KSweepOptions, suggestK, sweepK } from "@keyspaces-segmentation/kmeans";
import { applyScaler, fitScaler, type Scaling } from "./scale.js";
import { compareTrust, type GaugedSetting, type TrustWords } from "./trust_words.js";

/** The walkthrough's. */
const PUBLISHED_K = 6;

export interface CompareOptions extends Pick<KSweepOptions, "random" | "signal" | "threads"> {
  /** Told what is being done. */
  readonly onStep?: (step: string) => void;
}

/**
 * Gauges the two settings that the walkthrough has to choose between: min-max scaling and six clusters, as published, and logarithms
 * with as many clusters as the elbow of their inertia says. Where there are fewer different customers, there are as many clusters.
 *
 * @param features unscaled, one row a customer
 * @throws ArgumentError as `kMeans`; the signal's reason when aborted
 */
export async function compareSettings(
  features: Matrix,
  { onStep, ...options }: CompareOptions,
): Promise<{ readonly table: TrustWords[]; readonly conclusion: string }> {
  const scaledBy = (scaling: Scaling): Matrix => applyScaler(features, fitScaler(features, scaling));
  const [minMax, logStandard] = [scaledBy("min_max"), scaledBy("log_standard")];
  onStep?.("choosing a number of clusters for the logarithms");
  const elbow = suggestK(await sweepK(logStandard, options)).k;
  const gauged = async (name: string, matrix: Matrix, k: number): Promise<GaugedSetting> => {
    onStep?.(`gauging “${name}”, ${k} clusters`);
    return { setting: `${name} (k ${k})`, gauge: await gaugeTrust(matrix, { ...options, k }) };
  };
  const published = await gauged("as published", minMax, differentRows(features, PUBLISHED_K));
  return compareTrust(published, await gauged("logarithms, elbow", logStandard, elbow));
}
