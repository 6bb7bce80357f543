import { expect, test } from "@jest/globals";
import type { ChosenKeyspace } from "@keyspaces-segmentation/invoice-store/dist/choose_keyspace.js";
import { keyspaceText } from "@keyspaces-segmentation/invoice-store/dist/keyspace_text.js";

const chosen = (more: Partial<ChosenKeyspace>): ChosenKeyspace => ({
  keyspace: "blog_20260131",
  how: "new",
  isOwn: true,
  invoices: "own",
  holds: "own",
  others: [],
  ofOthers: [],
  ...more,
});
const [drop, leave] = [{ cleanUp: true }, { cleanUp: false }];

test.each<[Partial<ChosenKeyspace>, { cleanUp: boolean }, string]>([
  [{}, drop, "Keyspace blog_20260131 is new; step 9 will drop it."],
  [{}, leave, "Keyspace blog_20260131 is new; step 9 will leave it, for later runs to continue."],
  [
    { ofOthers: ["blog_3"] },
    leave,
    "Keyspace blog_20260131 is new; step 9 will leave it, for later runs to continue. Others in this account have kept blog_3; if one is " +
      "yours, name it in the parameter keyspace.",
  ],
  [
    { how: "continued", others: ["blog_1", "blog_2"] },
    drop,
    "Keyspace blog_20260131 that an earlier run on invoices of your own has kept is continued: its rows count as well, and step 9 will " +
      "drop it, with all that earlier runs have put into it. Others that were kept stay as they are: blog_1, blog_2.",
  ],
  [
    { how: "continued", invoices: "sample", holds: "sample" },
    leave,
    "Keyspace blog_20260131 that an earlier run on the sample has kept is continued: its rows count as well, and step 9 will leave it.",
  ],
  [
    { how: "named", invoices: "sample" },
    drop,
    "Keyspace blog_20260131 of an earlier run is continued: its rows count as well, and step 9 will leave it, as it holds invoices of " +
      "your own and this run is on the sample.",
  ],
  [
    { how: "named", isOwn: false },
    drop,
    "Keyspace blog_20260131 was there already, and this walkthrough did not make it: step 9 will leave it, and drop the tables that it " +
      "makes in it.",
  ],
])("%j with %j", (space, parameters, words) => {
  expect(keyspaceText(chosen(space), parameters)).toBe(words);
});
