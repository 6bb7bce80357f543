import { setImmediate } from "node:timers/promises";
import { createContext, runInContext } from "node:vm";
import { describe, expect, test } from "@jest/globals";
import { chartHtml, libraryHtml } from "@keyspaces-segmentation/notebook-charts/dist/chart_html.js";
import type { Chart } from "@keyspaces-segmentation/notebook-charts/dist/figure.js";

const HOSTILE = `</script>"><img src=x onerror=alert(1)>\u2028`;

function script(html: string): string {
  const [, inside] = html.match(/<script>([\s\S]*?)<\/script>/) ?? [];
  return inside as string;
}

describe("chartHtml", () => {
  const chart: Chart = {
    title: HOSTILE,
    summary: "Six.",
    figure: { data: [{ type: "bar", y: [HOSTILE], x: [1] }], layout: { height: 300 } },
  };
  const html = chartHtml(chart, Uint8Array.of(1, 2, 3), "chart-1");

  test("holds the picture and nothing that a text of the data brought in", () => {
    expect(html).toContain('src="data:image/png;base64,AQID"');
    expect(html.match(/<\/?\w+/g)).toEqual(["<div", "<img", "</div", "<script", "</script"]);
  });

  /** The box of the chart, as much of it as the script touches. */
  function boxOfChart() {
    const classes = new Set<string>();
    const children: object[] = [];
    const box = {
      children,
      classes,
      appendChild(child: object) {
        children.push(child);
        return Object.assign(child, { parentNode: box });
      },
      removeChild: (child: object) => children.splice(children.indexOf(child), 1),
      classList: { add: (name: string) => classes.add(name) },
    };
    return box;
  }

  /** A page that has the box or not, Plotly or not. */
  function page(box: object | null, plots: unknown[][], { draw = () => undefined as unknown, hasWebGl = true } = {}) {
    const listeners: (() => void)[] = [];
    const window = {
      Plotly: undefined as object | undefined,
      requestAnimationFrame: () => undefined,
      addEventListener: (_: string, listener: () => void) => listeners.push(listener),
    };
    const document = {
      getElementById: () => box,
      createElement: () => ({ querySelector: () => (hasWebGl ? null : {}) }),
    };
    const Plotly = {
      newPlot: (...all: unknown[]) => {
        plots.push(all);
        return draw();
      },
    };
    return { window, listeners, Plotly, context: createContext({ window, document }) };
  }

  test("draws the chart where Plotly is there, and keeps the picture for paper", () => {
    const plots: unknown[][] = [];
    const box = boxOfChart();
    const { window, Plotly, context } = page(box, plots);
    window.Plotly = Plotly;
    runInContext(script(html), context);
    expect(box.children).toHaveLength(1);
    expect(plots[0]?.[0]).toBe(box.children[0]);
    expect(JSON.stringify(plots[0]?.[1])).toBe(JSON.stringify(chart.figure.data));
  });

  test.each([
    ["before it is drawn", { draw: () => new Promise(() => undefined) }, 1],
    ["where Plotly throws", { draw: () => JSON.parse("no chart") }, 0],
    ["where Plotly gives up later", { draw: () => Promise.reject(new Error("no chart")) }, 0],
    ["where the browser has no WebGL, of which Plotly says a sentence", { hasWebGl: false }, 0],
  ])("keeps the picture %s", async (_, behaviour, children) => {
    const box = boxOfChart();
    const { window, Plotly, context } = page(box, [], behaviour);
    window.Plotly = Plotly;
    runInContext(script(html), context);
    await setImmediate();
    expect([...box.classes]).toEqual([]);
    expect(box.children).toHaveLength(children);
  });

  test("hides the picture once the chart is drawn", async () => {
    const box = boxOfChart();
    const { window, Plotly, context } = page(box, []);
    window.Plotly = Plotly;
    runInContext(script(html), context);
    await setImmediate();
    expect([...box.classes]).toEqual(["live"]);
  });

  test("has no button that sends the chart away", () => {
    const plots: [unknown, unknown, unknown, { showSendToCloud: boolean; modeBarButtonsToAdd?: unknown }][] = [];
    const { window, Plotly, context } = page(boxOfChart(), plots);
    window.Plotly = Plotly;
    runInContext(script(html), context);
    expect(plots[0]![3].showSendToCloud).toBe(false);
    expect(plots[0]![3].modeBarButtonsToAdd).toBeUndefined();
  });

  test("leaves the picture where it is not, and draws once it comes, and once only", () => {
    const plots: unknown[][] = [];
    const { window, listeners, Plotly, context } = page(boxOfChart(), plots);
    runInContext(script(html), context);
    expect(plots).toEqual([]);
    window.Plotly = Plotly;
    for (const listener of [...listeners, ...listeners]) listener();
    expect(plots).toHaveLength(1);
  });
});

describe("libraryHtml", () => {
  const LIBRARY = `if (typeof define === "function" && define.amd) define([], () => 1);
else if (typeof module === "object" && module.exports) module.exports = 1;
else window.Plotly = { text: "</script><!--" };`;

  test("makes the library a global, whatever loaders the page has, and only once", () => {
    const events: string[] = [];
    const window: { Plotly?: { text: string } } & Record<string, unknown> = {
      dispatchEvent: ({ type }: { type: string }) => events.push(type),
    };
    const define = Object.assign(() => undefined, { amd: {} });
    function Event(this: { type: string }, type: string) {
      this.type = type;
    }
    const context = createContext({ window, define, module: { exports: {} }, Event });
    runInContext(script(libraryHtml(LIBRARY)), context);
    expect(window.Plotly?.text).toBe("</script><!--");
    const first = window.Plotly;
    runInContext(script(libraryHtml(LIBRARY)), context);
    expect(window.Plotly).toBe(first);
    expect(events).toEqual(["plotly-ready", "plotly-ready"]);
  });
});
