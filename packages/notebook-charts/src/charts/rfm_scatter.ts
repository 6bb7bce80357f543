import { formatNumber, formatPlural, type Money, pluralForm } from "@keyspaces-segmentation/common";
import type { ClusteredCustomer, ClusterProfile } from "@keyspaces-segmentation/customer-clusters";
import { mediansOf } from "@keyspaces-segmentation/customer-clusters";
import type { Chart, Figure, Trace } from "../figure.js";
import {
  baseLayout,
  besideLegend,
  clusterMark,
  clusterTrace,
  GRID,
  inLabels,
  plainText,
  type Worded,
} from "./style.js";

const RECENCY = "Recency (days)";
const FREQUENCY = "Frequency (invoices, log scale)";
const monetaryIn = (money: Money): string => `Monetary value${money.unit("log scale")}`;
/** About so many points in the cloud: more only hide each other, and make a notebook of hundreds of megabytes. */
const MOST_POINTS = 5000;
/** Of a cluster, so many are drawn at least, if it has them, however small it is among all. */
const LEAST_OF_CLUSTER = 100;
/** At most so many points in a still picture: more only hide each other, and cost seconds and kilobytes. */
const STILL_POINTS = 400;
/** Plotly leaves a trace without points out of the legend; one that is nowhere stays in it. */
const NOWHERE = [null];
const LEGEND = { title: { text: "Cluster" }, itemsizing: "constant" } as const;
const HOVER =
  "<b>Customer %{customdata[0]}</b>, %{customdata[1]}<br>segment %{customdata[2]}<br>" +
  "last purchase %{customdata[3]} days ago<br>%{customdata[4]} invoices<br>%{customdata[5]}" +
  "<extra>%{fullData.name}</extra>";

/** Logarithms know no zero, and customers who returned more than they bought are below it: those lie on the axis. */
function onLogAxis(value: number): number {
  return Math.max(value, 1);
}

const hoverData =
  (money: Money) =>
  (of: ClusteredCustomer): string[] => {
    const { customerId, country, segment, recencyDays, frequency, monetary } = of;
    const names = [customerId, country, segment].map(plainText);
    return [...names, formatNumber(recencyDays), formatNumber(frequency), money.whole(monetary)];
  };

function perCluster(
  customers: readonly ClusteredCustomer[],
  clusters: readonly ClusterProfile[],
  traceOf: (members: ClusteredCustomer[], cluster: ClusterProfile) => Trace,
): Trace[] {
  const members = new Map(clusters.map(({ cluster }) => [cluster, [] as ClusteredCustomer[]]));
  for (const each of customers) members.get(each.cluster)?.push(each);
  return clusters.map((cluster) => traceOf(members.get(cluster.cluster) ?? [], cluster));
}

/** Every n-th customer of a cluster, in the order that they have; all where there are few customers. */
function drawn(members: readonly ClusteredCustomer[], total: number): readonly ClusteredCustomer[] {
  if (total <= MOST_POINTS) return members;
  const step = Math.max(1, Math.min(Math.ceil(total / MOST_POINTS), Math.floor(members.length / LEAST_OF_CLUSTER)));
  return members.filter((_, i) => i % step === 0);
}

function finding(clusters: readonly ClusterProfile[], customers: readonly ClusteredCustomer[], money: Money): string {
  const [best, ...others] = clusters
    .filter((each) => each.customers > 0)
    .toSorted((a, b) => b.monetaryMedian - a.monetaryMedian);
  if (!best) return "No customer is in any cluster";
  if (others.length === 0) return `All customers are in cluster ${best.cluster} “${best.name}”`;
  const rest = mediansOf(customers.filter(({ cluster }) => cluster !== best.cluster));
  return (
    `Cluster ${best.cluster} “${best.name}”: its typical customer spent ${money.whole(best.monetaryMedian)}, ` +
    `that of all others ${money.whole(rest?.monetary ?? Number.NaN)}`
  );
}

function flatStandIn(
  customers: readonly ClusteredCustomer[],
  clusters: readonly ClusterProfile[],
  { title, money }: Worded & { title: string },
): Figure {
  // Every n-th customer of each cluster, so that small clusters keep their part.
  const step = Math.max(1, Math.round(customers.length / STILL_POINTS));
  const note = `bubble: frequency${step > 1 ? `; one customer in ${step} is drawn` : ""}`;
  return {
    data: perCluster(customers, clusters, (members, cluster) => {
      const shown = members.filter((_, index) => index % step === 0);
      return {
        ...clusterTrace("scatter", cluster),
        mode: "markers",
        x: shown.length > 0 ? shown.map((each) => each.recencyDays) : NOWHERE,
        y: shown.length > 0 ? shown.map((each) => onLogAxis(each.monetary)) : NOWHERE,
        marker: {
          ...clusterMark(cluster.cluster),
          // The area stands for the frequency.
          size: shown.length > 0 ? shown.map((each) => Math.min(24, 4 * Math.sqrt(onLogAxis(each.frequency)))) : 8,
          opacity: 1,
          line: { width: 0.5, color: "#ffffff" },
        },
      };
    }),
    layout: {
      ...baseLayout(title, besideLegend(520, clusters.length, 46)),
      xaxis: {
        title: { text: `Recency (days since the last purchase)<br>${note}`, standoff: 10 },
        gridcolor: GRID,
        zeroline: false,
      },
      yaxis: {
        title: { text: monetaryIn(money) },
        type: "log",
        dtick: 1,
        tickformat: ",d",
        gridcolor: GRID,
        automargin: true,
      },
      legend: LEGEND,
    },
  };
}

/**
 * Every customer as a point in recency, frequency and monetary value, a trace a cluster (also an empty one). Of more than 5,000
 * customers some are drawn, evenly of each cluster, and the summary says how many.
 * The axes of frequency and monetary value are logarithmic: a few customers buy a hundred times what most do.
 */
export function rfmScatter3d(
  customers: readonly ClusteredCustomer[],
  clusters: readonly ClusterProfile[],
  { money: worded }: Worded,
): Chart {
  const title = finding(clusters, customers, worded);
  const money = inLabels(worded);
  const belowAxis = customers.filter((each) => each.monetary < 1).length;
  const aside =
    belowAxis > 0
      ? ` ${formatPlural(belowAxis, "customer")} below ${worded.whole(1)} ${pluralForm(belowAxis, "is", "are")} drawn at ${worded.whole(1)}.`
      : "";
  let points = 0;
  const data = perCluster(customers, clusters, (members, cluster) => {
    const shown = drawn(members, customers.length);
    points += shown.length;
    return {
      ...clusterTrace("scatter3d", cluster),
      mode: "markers",
      x: shown.length > 0 ? shown.map((each) => each.recencyDays) : NOWHERE,
      y: shown.length > 0 ? shown.map((each) => onLogAxis(each.frequency)) : NOWHERE,
      z: shown.length > 0 ? shown.map((each) => onLogAxis(each.monetary)) : NOWHERE,
      customdata: shown.map(hoverData(money)),
      hovertemplate: HOVER,
      marker: { ...clusterMark(cluster.cluster), size: 3, opacity: 0.85 },
    };
  });
  const sampled =
    points < customers.length
      ? ` ${formatNumber(points)} of them are drawn, evenly taken from each cluster, and more of small ones.`
      : "";
  return {
    title,
    summary: `${formatPlural(customers.length, "customer")} by recency, frequency and monetary value.${sampled}${aside}`,
    figure: {
      data,
      layout: {
        ...baseLayout(title, 640, { l: 0, r: 16, b: 0 }),
        scene: {
          aspectmode: "cube",
          camera: { eye: { x: 1.75, y: -1.75, z: 0.8 }, center: { x: 0, y: 0, z: -0.15 } },
          xaxis: { title: { text: RECENCY }, gridcolor: GRID },
          yaxis: { title: { text: FREQUENCY }, type: "log", dtick: 1, tickformat: ",d", gridcolor: GRID },
          zaxis: { title: { text: monetaryIn(money) }, type: "log", dtick: 1, tickformat: ",d", gridcolor: GRID },
        },
        // Over the empty corner of the cube: beside it, long names would squeeze the cube until its titles are cut.
        legend: { ...LEGEND, x: 1, xanchor: "right", y: 1, bgcolor: "rgba(255,255,255,0.7)" },
      },
    },
    still: flatStandIn(customers, clusters, { title, money }),
  };
}
