import { expect, test } from "@jest/globals";
import { loadProgress } from "@keyspaces-segmentation/notebook-charts/dist/charts/load_progress.js";

const calm = [
  { seconds: 0.2, stored: 0, rejected: 0, retries: 0 },
  { seconds: 1.2, stored: 9000, rejected: 0, retries: 0 },
  { seconds: 2.2, stored: 20_000, rejected: 0, retries: 0 },
];

test("the title says how much and how fast, the line how it went", () => {
  const { title, summary, figure } = loadProgress(calm);
  expect(title).toBe("20,000 lines were stored in 2.0 s, 10,000 a second");
  expect(summary).toBe(`${title}; 0 were rejected, and 0 requests had to be repeated.`);
  expect(figure.data).toHaveLength(1);
  expect(figure.data[0]).toMatchObject({ name: "stored", x: [0.2, 1.2, 2.2], y: [0, 9000, 20_000] });
});

test("what an earlier run had stored does not count towards the pace", () => {
  const resumed = calm.map((point) => ({ ...point, stored: point.stored + 5000 }));
  expect(loadProgress(resumed).title).toBe("20,000 lines were stored in 2.0 s, 10,000 a second");
});

test("rejects are a line, and marks stand where requests had to be repeated", () => {
  const rough = calm.map((point, i) => ({ ...point, rejected: 3 * i, retries: [0, 0, 7][i]! }));
  const { figure, summary } = loadProgress(rough);
  expect(figure.data.map(({ name }) => name)).toEqual(["stored", "rejected", "requests repeated"]);
  expect(figure.data[1]).toMatchObject({ y: [0, 3, 6] });
  expect(figure.data[2]).toMatchObject({ x: [2.2], y: [20_000], text: ["7"] });
  expect(summary).toMatch(/6 were rejected, and 7 requests had to be repeated\.$/);
});

test("an ingest that was over at once has no pace", () => {
  expect(loadProgress(calm.slice(0, 1)).title).toBe("0 lines were stored in 0.0 s");
});
