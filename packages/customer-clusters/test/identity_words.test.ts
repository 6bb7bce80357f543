import { expect, test } from "@jest/globals";
import type { Identities } from "@keyspaces-segmentation/customer-clusters/dist/identity.js";
import { describeIdentities } from "@keyspaces-segmentation/customer-clusters/dist/identity_words.js";

const best = { id: 0, name: "Best" };
const middle = { id: 1, name: "Middle" };
const lost = { id: 4, name: "Lost" };
const last = { runId: "run-1" };
const kept = (of: typeof best) => ({ ...of, relation: "kept", origin: of }) as const;
const words = (clusters: Identities["clusters"], gone: Identities["gone"] = [], known: typeof last | null = last) =>
  describeIdentities({ clusters, gone }, known);

test("in a first run all clusters are new", () => {
  const fresh = (of: typeof best) => ({ ...of, relation: "new", origin: null }) as const;
  expect(words([fresh(lost), fresh(best)], [], null)).toBe("These clusters are new: 0 “Best”, 4 “Lost”.");
  expect(words([fresh(best)], [], null)).toBe("This cluster is new: 0 “Best”.");
});

test("later it says which were found again, split off, new and gone", () => {
  expect(words([kept(lost), kept(best)])).toBe("All 2 clusters of the last run are found again.");
  expect(words([kept(best)])).toBe("The one cluster of the last run is found again.");
  const split = { id: 5, name: "Faded", relation: "split", origin: middle } as const;
  const empty = { id: 6, name: "Empty", relation: "new", origin: null } as const;
  expect(words([split, empty, kept(middle)], [best, lost])).toBe(
    "1 of the last run's 3 clusters is found again: 1. Split off from 1 “Middle”: 5 “Faded”. New: 6 “Empty”. " +
      "Gone: 0 “Best”, 4 “Lost”.",
  );
});

test("a cluster whose name is not true any more is called by both", () => {
  const renamed = { ...kept(best), name: "Less recent" };
  expect(words([renamed, kept(lost)])).toBe(
    "All 2 clusters of the last run are found again. 0 no longer fits its name “Best” and is called “Less recent”.",
  );
});
