import { expect, test } from "@jest/globals";
import { congestionWindow } from "@keyspaces-segmentation/keyspaces-bulk/dist/congestion_window.js";

function grown(window: ReturnType<typeof congestionWindow>, answers: number): number {
  for (let i = 0; i < answers; i++) window.grow();
  return window.size();
}

test("grows with each answer until the first timeout, then by one a round", () => {
  let time = 0;
  const window = congestionWindow({ first: 16, most: 256, now: () => time });
  expect(grown(window, 84)).toBe(100);
  time = 1;
  window.cut(0.5);
  expect(window.size()).toBe(50);
  expect(grown(window, 49)).toBe(50);
  expect(grown(window, 2)).toBe(51);
});

test("is halved once for all requests that were under way together", () => {
  let time = 10;
  const window = congestionWindow({ first: 64, now: () => time });
  for (const startedAt of [1, 2, 9]) window.cut(startedAt);
  expect(window.size()).toBe(32);
  time = 20;
  window.cut(11);
  expect(window.size()).toBe(16);
});

test("never closes, and never opens wider than allowed", () => {
  let time = 0;
  const window = congestionWindow({ first: 4, most: 8, now: () => ++time });
  expect(grown(window, 100)).toBe(8);
  for (let i = 0; i < 20; i++) window.cut(Number.POSITIVE_INFINITY);
  expect(window.size()).toBe(1);
});
