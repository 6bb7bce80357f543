import { describe, expect, test } from "@jest/globals";
import { judgeClock } from "@keyspaces-segmentation/aws-doctor/dist/clock.js";
import { type Answer, judge } from "@keyspaces-segmentation/aws-doctor/dist/permissions.js";
import { reportText } from "@keyspaces-segmentation/aws-doctor/dist/report.js";

const statement = { Sid: "Rows", Effect: "Allow", Action: ["cassandra:Select", "cassandra:Modify"], Resource: "r" };
const judged = (answers: Record<string, Answer>) =>
  judge({ statement, asked: statement, step: "step 5" }, new Map(Object.entries(answers)), "arn:aws:iam::1:role/R");

describe("a statement", () => {
  test("of which all actions are allowed is ok", () => {
    expect(judged({ "cassandra:Select": "allowed", "cassandra:Modify": "allowed" })).toEqual({
      name: "permission Rows",
      state: "ok",
      detail: "step 5: cassandra:Select, cassandra:Modify",
    });
  });

  test("of which one action is denied is to do, whatever is known of the others", () => {
    expect(judged({ "cassandra:Modify": { denied: "no policy allows it" } })).toEqual({
      name: "permission Rows",
      state: "to do",
      detail: "step 5 needs cassandra:Modify: no policy allows it",
      todo: `Add to the policies of arn:aws:iam::1:role/R: ${JSON.stringify(statement)}`,
      statement,
      later: true,
    });
  });

  test("of Keyspaces that the role of a project of Unified Studio is denied says what helps instead", () => {
    const role = "arn:aws:iam::1:role/datazone_usr_role_p_e";
    const needed = { statement, asked: statement, step: "step 5" };
    const { todo } = judge(needed, new Map([["cassandra:Select", { denied: "no" }]]), role);
    expect(todo).toContain("Set the parameter accessRole");
  });

  test.each([
    ["no identity-based policy allows the cassandra:Modify action", "Add to the policies of arn:aws:iam::1:role/R: {"],
    [
      "User: u is not authorized to perform: x because no permissions boundary allows the x action",
      "Its policies are not enough: the permissions boundary of arn:aws:iam::1:role/R has to allow it too.",
    ],
    [
      "no service control policy allows it on r",
      "Its policies are not enough: the service control policy of arn:aws:iam::1:role/R has to allow it too.",
    ],
    [
      "User: u is not authorized to perform: x on resource: r with an explicit deny in an identity-based policy: arn:aws:iam::1:policy/No",
      "No statement helps here: a policy of arn:aws:iam::1:role/R, arn:aws:iam::1:policy/No, denies it.",
    ],
    [
      "User: u is not authorized to perform: x on resource: r with an explicit deny in a service control policy",
      "No statement helps here: a service control policy of arn:aws:iam::1:role/R denies it.",
    ],
    ["a policy denies it on r", "No statement helps here: a policy of arn:aws:iam::1:role/R denies it."],
  ])("of which one is refused says what helps: %s", (denied, todo) => {
    expect(judged({ "cassandra:Modify": { denied } }).todo?.slice(0, todo.length)).toBe(todo);
  });

  test("of which one is not needed is ok without it", () => {
    expect(judged({ "cassandra:Select": "allowed", "cassandra:Modify": "not needed" })).toMatchObject({
      state: "ok",
      detail: "step 5: cassandra:Select; cassandra:Modify is not needed",
    });
  });

  test("of which one action is not known is unchecked, and says what is", () => {
    expect(judged({ "cassandra:Select": "allowed" })).toEqual({
      name: "permission Rows",
      state: "unchecked",
      detail: "whether cassandra:Modify is allowed shows in step 5; cassandra:Select is allowed",
    });
    expect(judged({})).toMatchObject({ state: "unchecked" });
  });
});

describe("a clock", () => {
  test.each([
    [0, "ok", "as that of STS, to 2 s"],
    [-30, "ok", "30 s behind that of STS"],
    [400, "to do", "this machine's clock is 400 s ahead of that of STS"],
    [-301, "to do", "301 s behind"],
  ])("that is %i s off", (seconds, state, detail) => {
    const outcome = judgeClock(1_700_000_000_000, 1_700_000_000_000 + seconds * 1000);
    expect({ state: "ok", ...outcome }).toMatchObject({ state, detail: expect.stringContaining(detail) });
  });
});

test("a report has a line a check, and below it what there is to do", () => {
  expect(
    reportText([
      { name: "region", state: "ok", detail: "eu-west-1", todo: "nothing" },
      { name: "bucket", state: "to do", detail: "lies elsewhere\u0007", todo: "Name another." },
    ]),
  ).toBe(
    "ok         region  eu-west-1\n" + "to do      bucket  lies elsewhere�\n" + "                   -> Name another.",
  );
});
