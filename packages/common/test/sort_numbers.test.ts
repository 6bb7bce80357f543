import { expect, test } from "@jest/globals";
import { sortInPlace, sortNumbers } from "@keyspaces-segmentation/common/dist/sort_numbers.js";

/** A steady source of numbers in [0, 1). */
function* chance(): Generator<number> {
  for (let state = 1; ; ) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    yield state / 2 ** 32;
  }
}

const kinds: Record<string, (of: () => number) => number> = {
  "few values": (of) => Math.floor(5 * of()),
  money: (of) => Math.round(100 * Math.exp(9 * of())) / 100,
  "money, some of it below zero": (of) => Math.round(1e5 * (of() - 0.3)) / 100,
  "all the same": () => 3,
  "from the least to the greatest": (of) => (of() - 0.5) * 10 ** (600 * (of() - 0.5)),
  "with what is no number": (of) =>
    [0, -0, 1, -1, Number.NaN, -Number.NaN, 1 / 0, -1 / 0, 5e-324][Math.floor(9 * of())]!,
};

test.each(Object.keys(kinds))("numbers are in the engine's order: %s", (kind) => {
  const random = chance();
  const of = () => random.next().value as number;
  for (const length of [0, 1, 2, 999, 5000, 1000, 5001]) {
    const values = Float64Array.from({ length }, () => kinds[kind]!(of));
    const before = values.slice();
    const sorted = sortNumbers(values);
    const wanted = values.toSorted();
    expect(sorted.every((value, i) => Object.is(value, wanted[i]))).toBe(true);
    expect(sorted).toHaveLength(length);
    expect(values).toEqual(before);
    // Part of an array, with neighbours, in the room that sorts of other lengths have left.
    const longer = new Float64Array(length + 2).fill(7);
    longer.set(values, 1);
    const part = longer.subarray(1, length + 1);
    expect(sortInPlace(part)).toBe(part);
    expect(part.every((value, i) => Object.is(value, wanted[i]))).toBe(true);
    expect([longer[0], longer.at(-1)]).toEqual([7, 7]);
  }
});
