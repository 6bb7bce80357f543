import { expect, test } from "@jest/globals";
import { compareInertia, ours, scikitLearn } from "../../../bench/kmeans/programs.js";

const task = { file: "matrix.f64", columns: 3, ks: [2, 3], starts: 10 };
const answer = (...inertias: number[]) => `a warning\n${JSON.stringify({ rows: 8000, seconds: 2, inertias })}\n`;

test("programs are told the task, and say what they did in a line of JSON", () => {
  const program = ours(task);
  expect(program.args.slice(1)).toEqual(["matrix.f64", "3", "2,3", "10"]);
  expect(program.figuresIn(answer(9, 7))).toMatchObject({ rows: 8000, seconds: 2 });
  expect(program.inertias()).toEqual([9, 7]);
  expect(() => program.figuresIn("Traceback")).toThrow('Expected a line of JSON, got "Traceback"');
});

test.each([
  [[9, 7], [9, 7.7], 1, true],
  [[8, 7.7], [9, 7], 1.1, false],
  [[9 * (1 + 1e-12), 7], [9, 7], 1, true],
])("inertias %j against %j: the worst k counts", (mine, theirs, value, met) => {
  const [program, peer] = [ours(task), scikitLearn(task)];
  program.figuresIn(answer(...mine));
  peer.figuresIn(answer(...theirs));
  const comparison = compareInertia(program, peer);
  expect(comparison.value).toBeCloseTo(value, 9);
  expect(comparison).toMatchObject({ what: "ours against scikit-learn: inertia", met, target: { atMost: 1 } });
});
