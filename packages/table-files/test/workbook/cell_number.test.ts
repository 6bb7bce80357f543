import { expect, test } from "@jest/globals";
import { numberText } from "@keyspaces-segmentation/table-files/dist/workbook/cell_number.js";

test.each([
  ["2.5499999999999998", "2.55"],
  ["2.55", "2.55"],
  ["12346", "12346"],
  ["12346.0", "12346"],
  ["4.47701E+11", "447701000000"],
  ["9007199254740993", "9007199254740992"],
  ["9.9999999999999995E-8", "0.0000001"],
  ["-1.25E-10", "-0.000000000125"],
  ["1E+21", "1000000000000000000000"],
  ["1.5e300", `15${"0".repeat(299)}`],
  ["-0", "0"],
  ["-0.0", "0"],
  ["007", "7"],
  ["+5", "5"],
  [".5", "0.5"],
  ["-12.75", "-12.75"],
  ["-.5", "-0.5"],
  ["5.", "5"],
  ["00.5", "0.5"],
  ["1.50", "1.5"],
  ["0", "0"],
  ["1.2.3", "1.2.3"],
  ["-", "-"],
  [" 5 ", "5"],
  ["", ""],
  ["five", "five"],
  ["1E+400", "1E+400"],
  ["Infinity", "Infinity"],
])("%p is %p", (text, expected) => {
  expect(numberText(text)).toBe(expected);
});

test("the text means the same double, whatever its size", () => {
  let state = 12345;
  const random = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  const wrong: unknown[] = [];
  for (let i = 0; i < 5000; i++) {
    const value = (random() - 0.5) * 10 ** Math.floor(random() * 60 - 30);
    const text = numberText(value.toExponential(16));
    if (!/^-?\d+(\.\d+)?$/.test(String(text)) || !Object.is(Number(text), value)) wrong.push({ text, value });
  }
  expect(wrong).toEqual([]);
});
