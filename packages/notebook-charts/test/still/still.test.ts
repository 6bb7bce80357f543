import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { inflateSync } from "node:zlib";
import { describe, expect, test } from "@jest/globals";
import { moneyOf } from "@keyspaces-segmentation/common";
import { membershipsOf, movements } from "@keyspaces-segmentation/customer-clusters";
import type { SegmentBacktest } from "@keyspaces-segmentation/invoices";
import { scoreCustomers } from "@keyspaces-segmentation/invoices";
import { backtest } from "@keyspaces-segmentation/invoices/dist/backtest.js";
import { seededRandom } from "@keyspaces-segmentation/kmeans";
import { backtestCard } from "@keyspaces-segmentation/notebook-charts/dist/charts/backtest_card.js";
import { clusterProfile } from "@keyspaces-segmentation/notebook-charts/dist/charts/cluster_profile.js";
import { customersPerCluster } from "@keyspaces-segmentation/notebook-charts/dist/charts/customers_per_cluster.js";
import { featureHistograms } from "@keyspaces-segmentation/notebook-charts/dist/charts/feature_histograms.js";
import { movementMatrix } from "@keyspaces-segmentation/notebook-charts/dist/charts/movement_matrix.js";
import { rfmScatter3d } from "@keyspaces-segmentation/notebook-charts/dist/charts/rfm_scatter.js";
import { segmentTreemap } from "@keyspaces-segmentation/notebook-charts/dist/charts/segment_treemap.js";
import { clusterMark } from "@keyspaces-segmentation/notebook-charts/dist/charts/style.js";
import type { Figure } from "@keyspaces-segmentation/notebook-charts/dist/figure.js";
import { clusteredCustomers, features } from "../../../../test/support/clustered_customers.js";
import { segmentSales } from "../../../../test/support/segment_sales.js";

const gbp = { money: moneyOf("GBP") };

interface Picture {
  width: number;
  height: number;
  bytes: number;
  /** 0xrrggbb to the number of its pixels. */
  colours: Map<number, number>;
}

/** Decodes an RGBA PNG of 8 bits a channel, not interlaced (https://www.w3.org/TR/png/), which is what resvg writes. */
function decode(png: Buffer): Picture {
  const chunks: { type: string; data: Buffer }[] = [];
  for (let at = 8; at < png.length; ) {
    const length = png.readUInt32BE(at);
    chunks.push({ type: png.toString("latin1", at + 4, at + 8), data: png.subarray(at + 8, at + 8 + length) });
    at += 12 + length;
  }
  const header = chunks[0]?.data as Buffer;
  expect([...header.subarray(8, 13)]).toEqual([8, 6, 0, 0, 0]);
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)];
  const raw = inflateSync(Buffer.concat(chunks.filter(({ type }) => type === "IDAT").map(({ data }) => data)));
  const stride = 4 * width;
  const pixels = Buffer.alloc(stride * height);
  const colours = new Map<number, number>();
  for (let row = 0; row < height; row++) {
    const filter = raw[row * (stride + 1)];
    for (let column = 0; column < stride; column++) {
      const at = row * stride + column;
      const left = column >= 4 ? (pixels[at - 4] as number) : 0;
      const up = row > 0 ? (pixels[at - stride] as number) : 0;
      const corner = row > 0 && column >= 4 ? (pixels[at - stride - 4] as number) : 0;
      const predicted =
        filter === 1
          ? left
          : filter === 2
            ? up
            : filter === 3
              ? (left + up) >> 1
              : filter === 4
                ? paeth(left, up, corner)
                : 0;
      pixels[at] = (raw[row * (stride + 1) + 1 + column] as number) + predicted;
    }
    for (let at = row * stride; at < (row + 1) * stride; at += 4) {
      const colour = pixels.readUIntBE(at, 3);
      colours.set(colour, (colours.get(colour) ?? 0) + 1);
    }
  }
  return { width, height, bytes: png.length, colours };
}

function paeth(left: number, up: number, corner: number): number {
  const estimate = left + up - corner;
  const [a, b, c] = [Math.abs(estimate - left), Math.abs(estimate - up), Math.abs(estimate - corner)];
  return a <= b && a <= c ? left : b <= c ? up : corner;
}

function render(figures: Figure[]): { png?: string; error?: string }[] {
  const script = join(__dirname, "../../../../test/support/render_stills.js");
  const { stdout, stderr } = spawnSync(process.execPath, [script], {
    input: JSON.stringify(figures),
    encoding: "utf8",
    maxBuffer: 2 ** 26,
  });
  expect(stderr).toBe("");
  return JSON.parse(stdout);
}

function pictures(figures: Figure[]): Picture[] {
  return render(figures).map(({ png, error }) => {
    expect(error).toBeUndefined();
    return decode(Buffer.from(png as string, "base64"));
  });
}

/** As if every third customer had bought again. */
function backtested(customers: readonly { customerId: string; segment: string }[]): SegmentBacktest {
  const spent = new Map(customers.filter((_, i) => i % 3 === 0).map(({ customerId }, i) => [customerId, 10 + i]));
  return {
    ...backtest(segmentSales(customers, spent), seededRandom(1)),
    segmentedAt: "2010-09-09",
    until: "2010-12-09",
  };
}

describe("renderStill", () => {
  const { customers, clusters } = clusteredCustomers(1500);
  const { raw, scaled } = features(customers.slice(0, 200));
  const places = membershipsOf(customers);

  test("every chart becomes a picture of its size, in its colours, small enough for a notebook", () => {
    const figures = [
      customersPerCluster(clusters, gbp).figure,
      clusterProfile(clusters, gbp).figure,
      rfmScatter3d(customers, clusters, gbp).still as Figure,
      featureHistograms(raw, scaled, "min_max", gbp).figure,
      movementMatrix(movements(places.slice(50), places.slice(0, -50)), gbp).figure,
      segmentTreemap(scoreCustomers(customers, "net"), gbp).figure,
      backtestCard(backtested(customers), gbp).figure,
    ];
    const drawn = pictures(figures);
    for (const [index, { width, height, bytes, colours }] of drawn.entries()) {
      expect([width, height]).toEqual([1260, Math.round(1.5 * (figures[index] as Figure).layout.height)]);
      expect(bytes).toBeGreaterThan(6_000);
      expect(bytes).toBeLessThan(160_000);
      expect((colours.get(0xffffff) ?? 0) / (width * height)).toBeLessThan(0.97);
    }
    for (const { colours } of drawn.slice(0, 3)) {
      for (const { cluster } of clusters.filter((each) => each.customers > 0)) {
        expect(colours.get(Number.parseInt(clusterMark(cluster).color.slice(1), 16))).toBeGreaterThan(50);
      }
    }
  });

  test("text is drawn, though no font of the machine is used", () => {
    const { figure } = customersPerCluster(clusters, gbp);
    const silent = { ...figure, layout: { ...figure.layout, title: { text: "" } } };
    const [withTitle, without] = pictures([figure, silent]) as [Picture, Picture];
    const ink = ({ colours }: Picture) => colours.get(0x222222) ?? 0;
    expect(ink(without)).toBeGreaterThan(500);
    expect(ink(withTitle)).toBeGreaterThan(ink(without) + 500);
  });

  test("what cannot be drawn without a browser is refused by name, not left blank", () => {
    const { figure } = rfmScatter3d(customers.slice(0, 5), clusters, gbp);
    const gl: Figure = { data: [{ type: "scattergl", x: [1], y: [1] }], layout: { height: 100 } };
    expect(render([figure, gl]).map(({ error }) => error)).toEqual([
      'StepError: Could not draw a still picture: a trace of type "scatter3d" needs a browser.',
      'StepError: Could not draw a still picture: a trace of type "scattergl" needs a browser.',
    ]);
  });

  test("lines, boxes, violins, waterfalls and pies are drawn too", () => {
    const figures = [
      { type: "scatter", mode: "lines", x: [1, 2, 3], y: [3, 1, 2] },
      { type: "box", y: [1, 2, 3, 9] },
      { type: "violin", y: [1, 2, 3, 9] },
      { type: "waterfall", x: ["a", "b", "c"], y: [5, -2, 0], measure: ["absolute", "relative", "total"] },
      { type: "pie", labels: ["a", "b"], values: [1, 2] },
      { type: "histogram", x: [1, 1, 2, 5] },
    ].map(
      (trace): Figure => ({
        data: [{ ...trace, marker: { color: "#112233" }, line: { color: "#112233" } }],
        layout: { height: 200 },
      }),
    );
    for (const { colours } of pictures(figures)) expect(colours.size).toBeGreaterThan(20);
  });

  // Each of the first three ended the process (SIGABRT in resvg) before shapes off the canvas were taken out.
  test("what lies far outside of the axes is left out, and all else is drawn as without it", () => {
    const at = (attributes: object): Figure => ({
      data: [{ type: "scatter", mode: "lines", x: [1, 2, 3], y: [3, 1, 2] }],
      layout: { height: 200, xaxis: { range: [1, 3] }, yaxis: { range: [0, 4] }, ...attributes },
    });
    const line = (x: number) => ({ type: "line", x0: x, x1: x, y0: 0, y1: 1, yref: "paper", line: { dash: "dot" } });
    const level = { type: "line", x0: 0, x1: 1, xref: "paper", y0: -1e6, y1: -1e6 };
    const [plain, ...far] = render([
      at({}),
      at({ shapes: [line(10)] }),
      at({ shapes: [line(-1e6)] }),
      at({ shapes: [level] }),
      at({ shapes: [line(1e30)] }),
    ]);
    expect(plain?.png).toBeTruthy();
    for (const { png } of far) expect(png === plain?.png).toBe(true);
    const [seen] = render([at({ shapes: [line(2)] })]);
    expect(seen?.png === plain?.png).toBe(false);
  });
});
