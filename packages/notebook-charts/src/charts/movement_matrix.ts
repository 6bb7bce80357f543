import { formatNumber, formatPlural, type Money } from "@keyspaces-segmentation/common";
import type { ClusterIdentity } from "@keyspaces-segmentation/customer-clusters";
import { isMove, type Movement } from "@keyspaces-segmentation/customer-clusters";
import type { Chart } from "../figure.js";
import { comingsAndGoings, GONE, movementFinding, NOT_THERE } from "../movement_text.js";
import { baseLayout, clusterLabel, clusterMark, inLabels, plainText, type Worded, wrap } from "./style.js";

/** A row or a column, as in a transition matrix: a cluster, or null for those outside of the run. */
type State = ClusterIdentity | null;

const MOVED = "#E69F00";
const STAYED = "#ececec";
const CAME_OR_WENT = "#dbe9f4";
/** Space for the columns in the still picture, and what a character of their headings takes, in pixels. */
const COLUMNS_WIDTH = 590;
const CHARACTER = 6.6;
const ROW_HEIGHT = 46;

/**
 * Who moved between two runs: a row for each cluster of the last run, a column for each of this one, in each cell how many customers went
 * that way and their revenue. Who stayed is grey, who moved stands out, who came or went is pale.
 */
export function movementMatrix(movements: readonly Movement[], { money }: Worded): Chart {
  const labelled = inLabels(money);
  const title = movementFinding(movements, { money });
  const rows = statesOf(movements.map(({ from }) => from));
  const columns = statesOf(movements.map(({ to }) => to));
  const cells = movements.map((movement) => ({
    movement,
    x: indexOf(columns, movement.to),
    y: indexOf(rows, movement.from),
    text: [formatNumber(movement.customers), labelled.whole(movement.monetary)],
  }));
  const most = Math.max(1, ...movements.filter(isMove).map(({ customers }) => customers));
  const headings = columns.map((state) => headingOf(state, COLUMNS_WIDTH / columns.length));
  const lines = Math.max(1, ...headings.map((each) => each.length));
  const axis = { showgrid: false, zeroline: false, fixedrange: true, ticks: "" };
  return {
    title,
    summary:
      `${comingsAndGoings(movements, { money })} ${movements
        .filter(isMove)
        .map((each) => sentence(each, money))
        .join("; ")}`.trim() || title,
    figure: {
      data: [
        {
          type: "scatter",
          mode: "text",
          x: cells.map(({ x }) => x),
          y: cells.map(({ y }) => y),
          text: cells.map(({ text }) => text.join("<br>")),
          textfont: { size: 11 },
          customdata: cells.map(({ movement }) => sentence(movement, labelled)),
          hovertemplate: "%{customdata}<extra></extra>",
        },
      ],
      layout: {
        ...baseLayout(title, 110 + 13 * lines + ROW_HEIGHT * rows.length, { r: 16 }),
        showlegend: false,
        xaxis: {
          ...axis,
          title: { text: "Cluster now", standoff: 12 },
          range: [-0.56, columns.length - 0.5],
          tickvals: [...columns.keys()],
          ticktext: headings.map((each) => each.join("<br>")),
          tickangle: 0,
          tickfont: { size: 10 },
          automargin: true,
        },
        yaxis: {
          ...axis,
          title: { text: "Cluster in the last run", standoff: 12 },
          range: [rows.length - 0.44, -0.5],
          tickvals: [...rows.keys()],
          ticktext: rows.map((state) => wrap(labelOf(state, NOT_THERE), 22).map(plainText).join("<br>")),
          tickfont: { size: 10 },
          automargin: true,
        },
        shapes: [
          ...cells.map(({ movement, x, y }) => ({
            ...box(x - 0.47, x + 0.47, y - 0.47, y + 0.47),
            fillcolor: isMove(movement) ? MOVED : isStay(movement) ? STAYED : CAME_OR_WENT,
            // Text stays readable on it.
            opacity: isMove(movement) ? 0.3 + 0.5 * (movement.customers / most) : 1,
          })),
          ...columns.map((state, x) => ({
            ...box(x - 0.47, x + 0.47, rows.length - 0.49, rows.length - 0.44),
            ...inkOf(state),
          })),
          ...rows.map((state, y) => ({ ...box(-0.56, -0.52, y - 0.47, y + 0.47), ...inkOf(state) })),
        ],
      },
    },
  };
}

const isStay = ({ from, to }: Movement): boolean => from !== null && from.id === to?.id;

/** The clusters of one side, each once, by id; those who are not in the run last, where there are any. */
function statesOf(states: readonly State[]): State[] {
  const clusters = new Map(states.flatMap((state) => (state === null ? [] : [[state.id, state] as const])));
  const ordered: State[] = [...clusters.values()].sort((a, b) => a.id - b.id);
  return states.includes(null) ? [...ordered, null] : ordered;
}

const indexOf = (states: readonly State[], state: State): number => states.findIndex((each) => each?.id === state?.id);

const labelOf = (state: State, outside: string): string => (state === null ? outside : `${state.id} · ${state.name}`);

/** A column's number and below it its name, in lines that fit into so many pixels. */
function headingOf(state: State, pixels: number): string[] {
  if (state === null) return [GONE];
  return [`<b>${state.id}</b>`, ...wrap(state.name, Math.floor(pixels / CHARACTER)).map(plainText)];
}

function sentence({ from, to, customers, monetary }: Movement, money: Money): string {
  const label = (state: State, outside: string): string =>
    state === null ? outside : clusterLabel({ cluster: state.id, name: state.name });
  return `${formatPlural(customers, "customer")}, ${money.whole(monetary)}: ${label(from, NOT_THERE)} → ${label(to, GONE)}`;
}

const box = (x0: number, x1: number, y0: number, y1: number): object => ({
  type: "rect",
  layer: "below",
  x0,
  x1,
  y0,
  y1,
  line: { width: 0 },
});

const inkOf = (state: State): { fillcolor: string } => ({
  fillcolor: state === null ? "#9a9a9a" : clusterMark(state.id).color,
});
