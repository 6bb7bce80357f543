import {
  formatNumber,
  formatPlural,
  formatShare,
  type Money,
  moneyOf,
  pluralForm,
} from "@keyspaces-segmentation/common";
import type {
  ClusterIdentity,
  ClusterProfile,
  IdentifiedCluster,
  Movement,
} from "@keyspaces-segmentation/customer-clusters";
import { describeIdentities, isMove, isRenamed } from "@keyspaces-segmentation/customer-clusters";
import type { Bin, FileLedger, LedgerBin, Preparation } from "@keyspaces-segmentation/invoices";
import { reconcile } from "@keyspaces-segmentation/invoices";
import { BIN_WORDS } from "./bin_words.js";
import { clusterMark } from "./charts/style.js";
import { HAND_OUT_STYLE } from "./hand_out_style.js";
import { escapeHtml } from "./html.js";
import { comingsAndGoings, movementFinding } from "./movement_text.js";

/** What the page says of a run; a part of what becomes `summary.json`. */
export interface HandOutFacts {
  readonly dataset: { readonly uri: string; readonly generated: boolean };
  /** What became of the file's lines: `earlier` are rows of the table from other files; amounts in the bins are exact. */
  readonly ledger: { readonly earlier: number; readonly bins: readonly LedgerBin[]; readonly file: FileLedger };
  readonly parameters: {
    readonly analysisDate: string;
    readonly preparation: Preparation;
    /** ISO 4217; null where it is not known. */
    readonly currency: string | null;
  };
  readonly customers: number;
  readonly clusters: readonly ClusterProfile[];
  /** How the clusters relate to those of the last run; in a first run that is null, and all are new. */
  readonly identity: {
    readonly lastRun: string | null;
    readonly clusters: readonly IdentifiedCluster[];
    readonly gone: readonly ClusterIdentity[];
  };
  /** Who moved since the last run, money to the penny; null in a first run. */
  readonly movement: readonly Movement[] | null;
}

/** Moves named one by one; more would not leave it one page. */
const MOVES = 5;

/** How returns count, as the sentence on monetary value goes on. */
const RETURNS: Readonly<Record<Preparation, string>> = {
  net: "returns taken off",
  sales: "returns left out",
  as_published: "returns taken off, in whole units of the currency",
};

/**
 * The page to hand out: what the clusters are, what might be done about them, who moved, and what became of each line of the file, for a
 * reader who knows neither notebook nor database. One HTML text that needs nothing else: no scripts, no other files but the CSV files
 * that it links to, which lie beside it.
 */
export function handOut(summary: HandOutFacts): string {
  const { dataset, parameters, customers, clusters } = summary;
  const money = moneyOf(parameters.currency);
  const file = dataset.uri.split("/").at(-1)!;
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Customer segments as of ${escapeHtml(parameters.analysisDate)}</title>
<style>${HAND_OUT_STYLE}</style>
</head>
<body>
<header>
<h1>Customer segments</h1>
<p class="about">As of ${escapeHtml(parameters.analysisDate)}, from <span title="${escapeHtml(dataset.uri)}">${escapeHtml(file)}</span>${
    dataset.generated ? ' <strong class="generated">Generated data: no real customer is in it</strong>' : ""
  }</p>
<p class="lead">${escapeHtml(lead(customers, clusters))}</p>
</header>
<main>
<section aria-labelledby="clusters">
<h2 id="clusters">The clusters</h2>
<div class="cards">
${clusters.map((profile) => card(profile, customers, { identity: summary.identity, money })).join("\n")}
</div>
</section>
<div class="columns">
<section aria-labelledby="movement">
<h2 id="movement">Since the last run</h2>
${movement(summary, money)}
</section>
<section aria-labelledby="reconciliation">
<h2 id="reconciliation">Where the numbers come from</h2>
${reconciliation(summary, money)}
</section>
</div>
<section aria-labelledby="terms">
<h2 id="terms">Terms</h2>
${terms(parameters)}
</section>
</main>
<footer>
<p>The lists behind this page: <a href="customers.csv">customers.csv</a> (every customer with cluster), <a href="clusters.csv">clusters.csv</a> (the figures above), <a href="rejects.csv">rejects.csv</a> (lines that could not be read or stored, each with its reason).</p>
</footer>
</body>
</html>
`;
}

function lead(customers: number, clusters: readonly ClusterProfile[]): string {
  const count = `${formatPlural(customers, "customer")} in ${formatPlural(clusters.length, "cluster")}.`;
  const [richest] = clusters.filter((of) => of.customers > 0).toSorted((a, b) => b.revenueShare - a.revenueShare);
  if (richest === undefined || richest.revenueShare <= 0) return count;
  const { cluster, name, customers: members, revenueShare } = richest;
  return `${count} ${formatShare(revenueShare)} of the revenue comes from ${formatShare(members / customers)} of the customers: cluster ${cluster}, “${name}”.`;
}

function card(
  profile: ClusterProfile,
  customers: number,
  { identity: { lastRun, clusters }, money }: Pick<HandOutFacts, "identity"> & { readonly money: Money },
): string {
  const { cluster, name, customers: members, monetaryMean, revenueShare } = profile;
  const news = lastRun === null ? "" : newsOf(clusters.find(({ id }) => id === cluster));
  const title = `<h3>${numberOf(cluster)} ${escapeHtml(name)}</h3>${
    news ? `<p class="news">${escapeHtml(news)}</p>` : ""
  }`;
  const article = `<article style="--mark:${clusterMark(cluster).color}">`;
  if (members === 0) return `${article}${title}<p class="customers">No customer is in it.</p></article>`;
  const revenue = money.whole(members * monetaryMean);
  const { recencyDaysMedian, frequencyMedian, monetaryMedian } = profile;
  const typical = `last purchase ${days(recencyDaysMedian)} ago, ${invoices(frequencyMedian)}, ${money.whole(monetaryMedian)} spent`;
  return `${article}${title}
<dl class="shares">
${share("Customers", formatNumber(members), members / customers)}
${share("Revenue", revenue, revenueShare)}
</dl>
<p class="typical"><span class="term">Typically:</span> ${typical} (mean ${money.whole(monetaryMean)}).</p>
<p class="action"><span class="term">Idea:</span> ${escapeHtml(profile.action)}.</p>
</article>`;
}

function newsOf(identified: IdentifiedCluster | undefined): string {
  if (identified?.relation === "split") return `Split off from ${identified.origin!.id} · ${identified.origin!.name}`;
  if (identified !== undefined && isRenamed(identified)) return `In the last run “${identified.origin!.name}”`;
  return identified?.relation === "new" ? "New" : "";
}

const days = (median: number): string => formatPlural(Math.round(median), "day");

function invoices(median: number): string {
  const text = formatNumber(median, median < 10 ? 1 : 0).replace(/\.0$/, "");
  return `${text} ${text === "1" ? "invoice" : "invoices"}`;
}

/** A figure with its part of the whole, as a number and as a bar; a share below zero, which net returns can bring, has no bar. */
function share(term: string, figure: string, part: number): string {
  const width = (100 * Math.min(1, Math.max(0, part))).toFixed(1);
  return `<div><dt>${term}</dt><dd>${figure} <span class="part">${formatShare(part)}</span></dd><dd class="bar" aria-hidden="true"><span style="width:${width}%"></span></dd></div>`;
}

function movement({ identity, movement: moved }: HandOutFacts, money: Money): string {
  if (moved === null || identity.lastRun === null) {
    return `<p>${escapeHtml(movementFinding(null, { money, lastRun: identity.lastRun }))}.</p>`;
  }
  const moves = moved.filter(isMove).toSorted((a, b) => b.customers - a.customers || b.monetary - a.monetary);
  const sentences = [
    `${movementFinding(moved, { money })}.`,
    comingsAndGoings(moved, { money }),
    describeIdentities(identity, { runId: identity.lastRun }),
  ];
  const text = `<p>${escapeHtml(sentences.filter(Boolean).join(" "))}</p>`;
  if (moves.length === 0) return text;
  const rows = moves
    .slice(0, MOVES)
    .map(({ from, to, customers, monetary }) =>
      tableRow([numberOf(from!.id), numberOf(to!.id)], [formatNumber(customers), money.whole(monetary)]),
    );
  const rest = moves.length - MOVES;
  const unshown = `${formatPlural(rest, "smaller move")} ${pluralForm(rest, "is", "are")} not shown.`;
  return `${text}
${table("The largest moves", ["From cluster", "To cluster", "Customers", "Revenue"], 2, rows)}${
  rest > 0 ? `<p class="remark">${unshown}</p>` : ""
}`;
}

/** A cluster's number in a frame of its colour. */
const numberOf = (cluster: number): string =>
  `<span class="number" style="--mark:${clusterMark(cluster).color}">${cluster}</span>`;

function reconciliation({ ledger }: HandOutFacts, money: Money): string {
  const rows = reconcile(ledger.file, ledger.bins);
  const lines = rows.map(({ bin, linesInFile, amountInFile }, index) =>
    tableRow(
      [escapeHtml(wordsFor(bin))],
      [formatNumber(linesInFile), money.exact(amountInFile)],
      index === rows.length - 1,
    ),
  );
  const earlier =
    ledger.earlier > 0
      ? `<p class="remark">${formatPlural(ledger.earlier, "line")} of earlier files are in the table too, and in the clusters.</p>`
      : "";
  return `${table("Every line of the file, and its money", ["Line of an invoice", "Lines", "Quantity × price"], 1, lines)}${earlier}`;
}

function wordsFor(bin: string): string {
  const words = BIN_WORDS[bin as Bin] ?? bin;
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}

function table(caption: string, headings: readonly string[], texts: number, rows: readonly string[]): string {
  const heads = headings.map((text, i) => `<th scope="col"${i < texts ? "" : ' class="figure"'}>${text}</th>`).join("");
  return `<table><caption>${caption}</caption><thead><tr>${heads}</tr></thead>
<tbody>
${rows.join("\n")}
</tbody></table>`;
}

/** @param texts as HTML */
function tableRow([first = "", ...texts]: readonly string[], figures: readonly string[], isSum = false): string {
  const cells = [
    `<th scope="row">${first}</th>`,
    ...texts.map((html) => `<td>${html}</td>`),
    ...figures.map((text) => `<td class="figure">${text}</td>`),
  ];
  return `<tr${isSum ? ' class="sum"' : ""}>${cells.join("")}</tr>`;
}

function terms({ preparation, analysisDate }: HandOutFacts["parameters"]): string {
  const entries = [
    [
      "Cluster",
      "Customers who are alike in the three figures below. It keeps number and colour from run to run, and its name while that is true.",
    ],
    ["Recency", `Days from a customer's last purchase to ${analysisDate}, the analysis date.`],
    ["Frequency", "The number of a customer's invoices."],
    ["Monetary value", `What a customer spent, ${RETURNS[preparation]}. All of it together is the revenue.`],
    [
      "Name of a cluster",
      "True of its typical customer in every word. More and less, high and low are halves of all customers; most, least and very are fifths.",
    ],
    ["Typically", "The customer in the middle of the cluster; a few large ones raise the mean."],
    ["Idea", "A rule of thumb to start from; whoever knows the shop knows better."],
  ];
  return `<dl class="terms">${entries.map(([term, text]) => `<div><dt>${term}</dt><dd>${escapeHtml(text!)}</dd></div>`).join("")}</dl>`;
}
