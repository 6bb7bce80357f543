import { expect, test } from "@jest/globals";
import { Recurring } from "@keyspaces-segmentation/common";

/** Looks values up as a reader does: `kept` counts those that there was room for, `share` is that of the lookups answered from memory. */
function reader() {
  const known = new Recurring<unknown, { readonly of: unknown }>();
  const seen = { kept: 0 };
  let made = 0;
  const lookUp = (key: unknown) => {
    const value = known.get(key);
    if (value !== undefined) return value;
    made++;
    const fresh = { of: key };
    if (known.hasRoom()) {
      known.set(key, fresh);
      seen.kept++;
    }
    return fresh;
  };
  const share = (lookups: number, keyAt: (i: number) => unknown): number => {
    made = 0;
    for (let i = 0; i < lookups; i++) lookUp(keyAt(i));
    return 1 - made / lookups;
  };
  return { seen, lookUp, share };
}

/** The same numbers below `n`, each as often, in no order: the steps of a multiplicative generator. */
function mixed(n: number): () => number {
  let state = 1;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state % n;
  };
}

const LOOKUPS = 500_000;

test("of values that do not come again hardly one is kept", () => {
  const { seen, share } = reader();
  expect(share(LOOKUPS, (i) => i)).toBe(0);
  expect(seen.kept).toBeLessThan(0.04 * LOOKUPS);
});

test.each([300, 5000, 10_000, 18_000])("%d values are kept while they come again, in turn or in no order", (values) => {
  expect(reader().share(LOOKUPS, (i) => i % values)).toBeGreaterThan(0.85);
  expect(reader().share(LOOKUPS, mixed(values))).toBeGreaterThan(0.85);
});

test.each([999, 1000, 20_000])("%d values that never come again do not keep out those that do", (oneOff) => {
  const { share } = reader();
  share(oneOff, (i) => `once ${i}`);
  expect(share(LOOKUPS, mixed(300))).toBeGreaterThan(0.97);
});

test("nor do they in turns with values that come again", () => {
  const next = mixed(300);
  expect(reader().share(LOOKUPS, (i) => (i % 2 === 0 ? `once ${i}` : next()))).toBeGreaterThan(0.45);
});

test.each([300, 3000, 15_000])("%d values that come again give way to others that do", (values) => {
  const { share } = reader();
  for (const era of ["first", "second", "third", "fourth"]) {
    const next = mixed(values);
    expect(share(LOOKUPS / 2, () => `${era} ${next()}`)).toBeGreaterThan(0.75);
  }
});

test("values that come twice each are known the second time", () => {
  expect(reader().share(LOOKUPS, (i) => 2 * Math.floor(i / 4) + (i % 2))).toBeGreaterThan(0.43);
});

test("values that come again for a while make room for those that follow them", () => {
  // Each is known from its second time on but where room was made in between.
  expect(reader().share(1_000_000, (i) => 500 * Math.floor(i / 5000) + (i % 500))).toBeGreaterThan(0.88);
});

test("what is kept by the values that another has kept follows them when those change", () => {
  const [first, second] = [reader(), reader()];
  for (const values of [12_000, 19_000, 12_000]) {
    const next = mixed(values);
    expect(second.share(LOOKUPS, () => first.lookUp(`${values} ${next()}`))).toBeGreaterThan(0.8);
  }
});
