import { expect, test } from "@jest/globals";
import { activeRuns, type Sign } from "@keyspaces-segmentation/aws-cleanup/dist/activity.js";

const now = new Date("2026-11-29T12:00:00Z");
const hoursAgo = (hours: number, what = "written"): Sign => ({ at: new Date(now.getTime() - 3_600_000 * hours), what });
const [old, today, unnamed] = ["2026-11-20-12-00-00-000", "2026-11-29-11-48-00-000", "a run of another kind"];

test.each<[string, string | undefined, (Sign | undefined)[], string | undefined]>([
  ["one that left nothing for a day has broken off", old, [hoursAgo(24), hoursAgo(200)], undefined],
  ["one that stored something since", old, [hoursAgo(200), hoursAgo(23.9)], "written 24 hours ago"],
  ["one that has just begun, by its name", today, [undefined], "begun 12 minutes ago"],
  [
    "one of which something is running, however old",
    old,
    [hoursAgo(90), { at: "now", what: "job x is running" }],
    "job x is running",
  ],
  ["one by a machine whose clock is ahead", old, [hoursAgo(-1)], "written less than a minute ago"],
  ["one whose name says nothing", unnamed, [undefined], undefined],
  ["the same, with a sign", unnamed, [hoursAgo(1.4, "rows written")], "rows written 84 minutes ago"],
  ["what bears no run's name", undefined, [{ at: "now", what: "job x is running" }], undefined],
])("%s", (_, run, signs, active) => {
  const found = activeRuns(
    signs.map((sign) => ({ run, sign })),
    now,
  );
  expect([...found.values()]).toEqual(active === undefined ? [] : [active]);
});
