import { describe, expect, test } from "@jest/globals";
import { moneyOf } from "@keyspaces-segmentation/common";
import { movements } from "@keyspaces-segmentation/customer-clusters";
import { movementMatrix } from "@keyspaces-segmentation/notebook-charts/dist/charts/movement_matrix.js";
import { clusterMark } from "@keyspaces-segmentation/notebook-charts/dist/charts/style.js";

const gbp = { money: moneyOf("GBP") };

const best = { id: 3, name: "Very recent, very frequent, very high spend" };
const lost = { id: 12, name: "Long <gone>" };
const fresh = { id: 14, name: "Fading" };
const place = (customerId: string, cluster = best, monetary = 10) => ({ customerId, cluster, monetary });

/** A cell of the figure: what it says, and what it stands on. */
function cellsOf({ figure }: ReturnType<typeof movementMatrix>) {
  const [{ x, y, text }] = figure.data as unknown as [{ x: number[]; y: number[]; text: string[] }];
  const { xaxis, yaxis, shapes } = figure.layout as unknown as {
    xaxis: { ticktext: string[] };
    yaxis: { ticktext: string[] };
    shapes: { fillcolor: string; opacity?: number; x0: number; y0: number }[];
  };
  const plain = (label: string) => label.replace(/<\/?b>/g, "").replace(/<br>/g, " ");
  return {
    columns: xaxis.ticktext.map(plain),
    rows: yaxis.ticktext.map(plain),
    shapes,
    cells: text.map((words, i) => ({ row: y[i], column: x[i], words, ...shapes[i] })),
  };
}

describe("the matrix", () => {
  const before = [place("a"), place("b"), place("c"), place("d", lost, 7), place("e", lost, 5)];
  const after = [place("a"), place("b", fresh), place("c", fresh, 1234.6), place("d", best), place("new", lost, 3)];
  const chart = movementMatrix(movements(before, after), gbp);
  const { columns, rows, shapes, cells } = cellsOf(chart);

  test("has a row for each cluster of the last run and a column for each of this one, by id, whatever the ids", () => {
    expect(rows).toEqual([
      "3 · Very recent, very frequent, very high spend",
      "12 · Long &lt;gone&gt;",
      "not there before",
    ]);
    expect(columns).toEqual([
      "3 Very recent, very frequent, very high spend",
      "12 Long &lt;gone&gt;",
      "14 Fading",
      "gone",
    ]);
  });

  test("has customers and revenue in each cell, in the right place", () => {
    expect(cells.map(({ row, column, words }) => [row, column, words])).toEqual([
      [0, 0, "1<br>£10"],
      [0, 2, "2<br>£1,245"],
      [1, 0, "1<br>£10"],
      [1, 3, "1<br>£5"],
      [2, 1, "1<br>£3"],
    ]);
    expect(
      cells.every(({ row, column, x0, y0 }) => Math.abs(x0! + 0.47 - column!) + Math.abs(y0! + 0.47 - row!) < 1e-9),
    ).toBe(true);
  });

  test("mutes who stayed, highlights who moved, the most of them most", () => {
    const [stayed, most, fewer, went, came] = cells.map(({ fillcolor, opacity }) => ({ fillcolor, opacity }));
    expect(most!.fillcolor).toBe(fewer!.fillcolor);
    expect(most!.opacity).toBeGreaterThan(fewer!.opacity!);
    expect(went).toEqual(came);
    expect(new Set([stayed, most, went].map((cell) => cell!.fillcolor)).size).toBe(3);
  });

  test("marks each cluster by its colour", () => {
    const colours = shapes.slice(cells.length).map(({ fillcolor }) => fillcolor);
    const outside = "#9a9a9a";
    const of = ({ id }: typeof best) => clusterMark(id).color;
    expect(colours).toEqual([of(best), of(lost), of(fresh), outside, of(best), of(lost), outside]);
  });

  test("states the finding", () => {
    expect(chart.title).toMatch(/^3 of 4 customers moved; the largest move: 2 from 3 “Very/);
    expect(chart.summary).toMatch(
      /^1 customer \(£3\) was not there before\. 1 customer of the last run \(£5\) is gone\. 2 customers, £1,245: 3 · /,
    );
  });
});

test("where nobody moved the matrix is its diagonal", () => {
  const places = [place("a"), place("b", lost)];
  const chart = movementMatrix(movements(places, places), gbp);
  expect(chart.title).toBe("Nobody moved: 2 customers stayed where they were");
  expect(chart.summary).toBe(chart.title);
  expect(cellsOf(chart).cells.map(({ row, column }) => [row, column])).toEqual([
    [0, 0],
    [1, 1],
  ]);
});

test("no line of a column's heading is wider than its column", () => {
  const clusters = Array.from({ length: 9 }, (_, id) => ({ id, name: "Very recent, occasional, medium spend (2)" }));
  const places = clusters.map((cluster, i) => place(String(i), cluster));
  const { ticktext } = movementMatrix(movements(places, places), gbp).figure.layout.xaxis as { ticktext: string[] };
  const longest = Math.max(...ticktext.flatMap((label) => label.split("<br>")).map((line) => line.length));
  // 590 pixels for nine columns, in letters of ten pixels' height.
  expect(longest).toBeLessThanOrEqual(11);
});
