import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { ROOT } from "@keyspaces-segmentation/local-support";
import { acceptPictures, CHART_PICTURES, comparePicture, picturesIn } from "../../../../test/support/chart_pictures.js";
import { frozenCharts } from "../../../../test/support/frozen_charts.js";
import { steadySvg } from "../../../../test/support/steady_svg.js";

const CHARTS = join(ROOT, "packages/notebook-charts/src/charts");

/** The SVG of each chart's still picture. */
function drawn(): [name: string, svg: string][] {
  const names = Object.keys(frozenCharts);
  const figures = Object.values(frozenCharts).map(({ figure, still }) => still ?? figure);
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [join(__dirname, "../../../../test/support/render_stills.js"), "svg"],
    { input: JSON.stringify(figures), encoding: "utf8", maxBuffer: 2 ** 26 },
  );
  expect(stderr).toBe("");
  const stills = JSON.parse(stdout) as { svg?: string; error?: string }[];
  expect(stills.map(({ error }) => error).filter(Boolean)).toEqual([]);
  return names.map((name, at) => [name, steadySvg(stills[at]!.svg!)]);
}

test("every chart looks as its picture in the repository", () => {
  const differences = drawn().map(([name, svg]) => comparePicture(CHART_PICTURES, name, svg));
  const found = differences.filter((difference) => difference !== null).join("\n\n");
  if (found !== "") throw new Error(found);
});

test("every chart function has a picture, and every picture a chart", () => {
  const functions = readdirSync(CHARTS).flatMap((file) =>
    [
      ...readFileSync(join(CHARTS, file), "utf8").matchAll(/^export function (\w+)\((?:(?!\): )[\s\S])*\): Chart \{/gm),
    ].map(([, name]) => name!),
  );
  expect(functions.length).toBeGreaterThan(10);
  expect(picturesIn(CHART_PICTURES)).toEqual(Object.keys(frozenCharts).sort());
  expect(functions.filter((name) => !(name in frozenCharts))).toEqual([]);
});

test("the pictures are small", () => {
  const sizes = picturesIn(CHART_PICTURES).map((name) => statSync(join(CHART_PICTURES, `${name}.svg`)).size);
  expect(Math.max(...sizes)).toBeLessThan(100_000);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(700_000);
});

test("a picture that differs is written beside the old one, and takes its place once it is accepted", () => {
  const folder = mkdtempSync(join(tmpdir(), "pictures-"));
  try {
    const contents = () => readdirSync(folder).map((file) => [file, readFileSync(join(folder, file), "utf8")]);
    expect(comparePicture(folder, "bars", "<svg>\n1\n")).toMatch(/There is no .*bars\.svg: look at .*bars\.new\.svg/);
    expect(acceptPictures(folder)).toEqual(["bars"]);
    expect(comparePicture(folder, "bars", "<svg>\n1\n")).toBeNull();
    expect(comparePicture(folder, "bars", "<svg>\n2\n")).toMatch(
      /bars\.svg differs from line 2 on: look at .*bars\.new\.svg, .*`npm run charts:accept`\n- 1\n\+ 2$/,
    );
    expect(contents()).toEqual([
      ["bars.new.svg", "<svg>\n2\n"],
      ["bars.svg", "<svg>\n1\n"],
    ]);
    // What is drawn as before needs no new picture.
    expect(comparePicture(folder, "bars", "<svg>\n1\n")).toBeNull();
    expect(picturesIn(folder, { proposed: true })).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test("what differs from run to run and from machine to machine is not in a picture", () => {
  const svg = (uid: string, trace: string, x: string) =>
    `<svg class="main-svg"><defs id="defs-${uid}"/><g class="trace scatter trace${trace}" transform="translate(${x},-0.001)">` +
    `<text x="1"><tspan>0.125 ${x}</tspan><tspan>b</tspan></text><path clip-path="url(#clip${uid}xyplot)" d="M1e-9,2.5"/></g></svg>`;
  const steady = steadySvg(svg("35cd92", "57c67d", "451.78999999999996"));
  expect(steady).toBe(
    '<svg class="main-svg">\n<defs id="defs-"/>\n<g class="trace scatter trace" transform="translate(451.79,0)">\n' +
      '<text x="1"><tspan>0.125 451.78999999999996</tspan><tspan>b</tspan></text>\n' +
      '<path clip-path="url(#clipxyplot)" d="M0,2.5"/>\n</g>\n</svg>\n',
  );
  expect(steadySvg(svg("0a0b0c", "123456", "451.79")).replace("451.79<", "451.78999999999996<")).toBe(steady);
});
