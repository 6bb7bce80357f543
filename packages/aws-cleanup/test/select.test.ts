import { expect, test } from "@jest/globals";
import type { Choice } from "@keyspaces-segmentation/aws-cleanup/dist/options.js";
import { leftoversText } from "@keyspaces-segmentation/aws-cleanup/dist/report.js";
import type { Row } from "@keyspaces-segmentation/aws-cleanup/dist/rows.js";
import { remedyFor, whyStays } from "@keyspaces-segmentation/aws-cleanup/dist/select.js";

const known = {
  owner: "jane",
  kept: new Set(["kept", "a b"]),
  active: new Map([
    ["kept", "begun 1 hour ago"],
    ["running", "training job x is running"],
  ]),
};

/** Why something stays, and what removes it. */
function whyAndHow(each: Parameters<typeof whyStays>[0], choice: Choice): string | undefined {
  const why = whyStays(each, choice, known);
  const removes = (other: Choice) => whyStays(each, other, known) === undefined;
  return why === undefined ? undefined : `${why}${remedyFor(each, choice, known, removes)}`;
}

test.each<[string, Choice, string | undefined, string | undefined, RegExp | undefined]>([
  ["a run of mine that broke off", "broken off", "broken", "jane", undefined],
  ["one that bears no owner", "broken off", "broken", undefined, undefined],
  ["one that may be under way", "broken off", "running", "jane", /way \(training job x is running\); --run running/],
  ["one that may be under way, of all", "all", "running", "jane", undefined],
  ["one that may be under way and is named", { runs: ["running"] }, "running", "jane", undefined],
  ["one that was kept", "broken off", "kept", "jane", /--run kept/],
  ["one whose name a shell would read otherwise", "broken off", "a b", "jane", /--run 'a b' or/],
  ["what bears no run's name", "broken off", undefined, "jane", /--all/],
  ["somebody else's", "broken off", "broken", "joe", /joe has made it/],
  ["one that was kept, of all", "all", "kept", "jane", undefined],
  ["what bears no run's name, of all", "all", undefined, "jane", undefined],
  ["somebody else's, of all", "all", "broken", "joe", /joe has made it/],
  ["one that is named", { runs: ["other", "kept"] }, "kept", "joe", undefined],
  ["one that is not named", { runs: ["kept"] }, "broken", "jane", /another run's/],
  ["what bears no run's name, where one is named", { runs: ["kept"] }, undefined, "jane", /another run's/],
])("%s goes or stays", (_, choice, run, owner, reason) => {
  const why = whyAndHow({ run, owner }, choice);
  if (reason === undefined) expect(why).toBeUndefined();
  else expect(why).toMatch(reason);
});

const claimOf = (run: string | undefined, owner = "jane") => ({ run, owner, what: `${run} has it` });
test.each<[string, Choice, ReturnType<typeof claimOf>[], string | undefined]>([
  [
    "one that was kept",
    "broken off",
    [claimOf("kept")],
    "the run was kept; --run broken --run kept, or --all, removes it",
  ],
  [
    "one that is not named",
    { runs: ["broken"] },
    [claimOf("kept")],
    "another run's; --run broken --run kept, or --all, removes it",
  ],
  [
    "several, of which one goes",
    "broken off",
    [claimOf("b"), claimOf("kept")],
    "--run broken --run b --run kept, or --all, removes it",
  ],
  ["one of unknown name", "broken off", [claimOf(undefined)], "bears no run's name; --all removes it"],
  ["somebody else's", "all", [claimOf("kept", "joe")], "it is not yours: joe has made it"],
  ["somebody else's, where it is not named", { runs: ["broken"] }, [claimOf("kept", "joe")], "it is another run's"],
  ["only runs that go", "broken off", [claimOf("b")], undefined],
  [
    "several, of which one is somebody else's, so that nothing would remove it",
    "broken off",
    [claimOf("kept"), claimOf("broken", "joe")],
    "kept has it: the run was kept; broken has it: it is not yours: joe has made it",
  ],
  ["all that are named", { runs: ["broken", "kept"] }, [claimOf("kept", "joe")], undefined],
])("what %s has something of as well is removed with that run, and it is said how", (_, choice, claims, reason) => {
  const why = whyAndHow({ run: "broken", owner: "jane", claims }, choice);
  if (reason === undefined) expect(why).toBeUndefined();
  else expect(why?.slice(-reason.length)).toBe(reason);
});

test("only what removes a thing is named: by hand, where nothing else does", () => {
  const marked = { run: undefined, owner: undefined, held: () => "it is not noted", byHand: "DROP TABLE t" };
  expect(whyAndHow(marked, "all")).toBe("it is not noted; DROP TABLE t removes it");
  expect(whyAndHow(marked, "broken off")).toBe("it bears no run's name; DROP TABLE t removes it");
  const held = (choice: Choice) => (choice === "all" ? undefined : "clusters are registered in it");
  expect(whyAndHow({ run: "kept", owner: "jane", held }, "broken off")).toBe("the run was kept; --all removes it");
  expect(whyAndHow({ run: "kept", owner: "jane", held }, { runs: ["kept"] })).toBe(
    "clusters are registered in it; --all removes it",
  );
  expect(whyAndHow({ run: "kept", owner: "joe", held }, { runs: ["kept"] })).toBe("clusters are registered in it");
});

test("what goes and what stays is listed, and what of it costs by the hour is added up", () => {
  const row = {
    run: "r",
    usdPerHour: 0.1,
    cost: "$0.1000 an hour",
    active: null,
    goes: true,
    outcome: "would be removed",
    failed: false,
  };
  const rows: Row[] = [
    { ...row, what: "endpoint a" },
    { ...row, what: "keyspace b", usdPerHour: null, cost: "storage", active: "begun 3 minutes ago" },
    { ...row, what: "model\u001b[31m", goes: false, outcome: "stays: it is another run's" },
  ];
  expect(leftoversText(rows, { isDryRun: true, unseen: [] }).split("\n")).toEqual([
    "remove   endpoint a  ($0.1000 an hour; run r)",
    "remove   keyspace b  (storage; run r, which may be under way: begun 3 minutes ago)",
    expect.stringMatching(/^stays {4}model.\[31m {2}\(\$0\.1000 an hour; run r\)$/u),
    "         -> it is another run's",
    "",
    "What goes costs $0.1000 an hour while it is there, and 1 thing of which no price by the hour is known here.",
    "Nothing was removed: this was a dry run.",
  ]);
  const failed = { ...row, what: "endpoint a", outcome: "It could not", failed: true };
  expect(leftoversText([failed], { isDryRun: false, unseen: [] })).toBe(
    "failed   endpoint a  ($0.1000 an hour; run r)\n         -> It could not\n",
  );
  expect(leftoversText([], { isDryRun: false, unseen: [] })).toBe("There is nothing to remove.");
});

test("where not everything could be looked at, it is not said that there is nothing to remove", () => {
  expect(leftoversText([], { isDryRun: false, unseen: ["Could not look through Glue."] })).toBe(
    "unseen   Could not look through Glue.",
  );
});
