import { describe, expect, test } from "@jest/globals";
import {
  boundingBox,
  pageBox,
  pathLength,
  pointAtLength,
  type SvgElement,
  textWidth,
} from "@keyspaces-segmentation/notebook-charts/dist/still/svg_geometry.js";

interface Attributes {
  [name: string]: string;
}

function element(tagName: string, attributes: Attributes, children: SvgElement[] = [], textContent = ""): SvgElement {
  const made = {
    tagName,
    children,
    textContent,
    parentElement: null,
    getAttribute: (name: string) => attributes[name] ?? null,
    querySelectorAll: () => children.filter((child) => child.tagName === "tspan"),
  } as SvgElement;
  for (const child of children) (child as { parentElement: SvgElement }).parentElement = made;
  return made;
}

describe("paths", () => {
  test("are measured along their points, absolute and relative", () => {
    expect(pathLength("M0,0H3V4")).toBe(7);
    expect(pathLength("M1,1l3,4h-2.5v1")).toBe(8.5);
    expect(pathLength("M0,0L3,4 6,8Z")).toBe(10);
    expect(pathLength("")).toBe(0);
  });

  test("have a point at each length, and their end beyond it", () => {
    expect(pointAtLength("M0,0H3V4", 5)).toEqual({ x: 3, y: 2 });
    expect(pointAtLength("M0,0H3V4", 99)).toEqual({ x: 3, y: 4 });
    expect(pointAtLength("M2,1H3", 0)).toEqual({ x: 2, y: 1 });
  });
});

describe("boxes", () => {
  test("of shapes are their extent", () => {
    expect(boundingBox(element("path", { d: "M4,0A4,4 0 1,1 0,-4L-4,2" }))).toEqual({
      x: -4,
      y: -4,
      width: 8,
      height: 6,
    });
    expect(boundingBox(element("circle", { cx: "1", cy: "2", r: "3" }))).toEqual({ x: -2, y: -1, width: 6, height: 6 });
  });

  test("of text lie around its anchor, with the size that an ancestor gives", () => {
    const text = element("text", { x: "100", y: "50", "text-anchor": "middle" }, [], "0123456789");
    element("g", { "font-size": "20px" }, [text]);
    expect(textWidth(text)).toBeCloseTo(116);
    expect(boundingBox(text).x).toBeCloseTo(42);
    expect(boundingBox(text).y).toBeCloseTo(50 - 18.6);
  });

  test("of a group hold its children where they are moved to", () => {
    const moved = element("rect", { width: "10", height: "5", transform: "translate(20,30)" });
    const group = element("g", {}, [element("rect", { width: "1", height: "1" }), moved]);
    expect(boundingBox(group)).toEqual({ x: 0, y: 0, width: 30, height: 35 });
  });

  test("on the page go through every transform above them", () => {
    const bar = element("rect", { width: "10", height: "2", transform: "rotate(-90,5,5)" });
    element("g", { transform: "translate(100) scale(2)" }, [bar]);
    const { x, y, width, height } = pageBox(bar);
    expect([x, y, width, height].map((value) => Math.round(value * 1e9) / 1e9)).toEqual([100, 0, 4, 20]);
  });
});
