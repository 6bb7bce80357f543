import type { RegisteredClusters } from "@keyspaces-segmentation/customer-clusters";

/** What a run with two clusters has registered, whose ids have a hole. */
export const registeredClusters = (runId: string): RegisteredClusters => ({
  runId,
  scaler: { scaling: "log_standard", offset: [1.5, 0, -2], factor: [0.25, 1, 0] },
  centroids: [
    [0.1, 0.2, 0.30000000000000004],
    [-1e-9, 5, 1e21],
  ],
  clusters: [
    { id: 0, name: "Champions" },
    { id: 4, name: 'Lost, "old"' },
  ],
  nextId: 5,
});
