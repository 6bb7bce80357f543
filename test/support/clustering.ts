import { fixture } from "./oracle.js";

/** What oracle.py says about fits, partitions and pairs of partitions. */
export interface ClusteringOracle {
  /** Lloyd's algorithm from given centroids. */
  readonly fits: readonly {
    readonly name: string;
    readonly rows: number[][];
    readonly starts: number[][];
    readonly centroids: number[][];
    readonly clusters: number[];
    readonly inertia: number;
    readonly iterations: number;
  }[];
  readonly partitions: readonly {
    readonly name: string;
    readonly rows: number[][];
    readonly clusters: number[];
    readonly silhouette: number | null;
    readonly daviesBouldin: number | null;
    readonly calinskiHarabasz: number | null;
    readonly intra: number;
    readonly inter: number;
    readonly interLeast: number;
  }[];
  readonly agreements: readonly { readonly a: number[]; readonly b: number[]; readonly adjustedRand: number }[];
}

export const clusteringOracle: ClusteringOracle = fixture("clusterings.json");
