/** The stored results asked both ways. */
import { clusterOfCustomer, customersOfCluster, historyOfCustomer } from "@keyspaces-segmentation/cluster-store";
import { type ClusteredCustomer, explainWords } from "@keyspaces-segmentation/customer-clusters";
import type { KeyspacesClient } from "@keyspaces-segmentation/keyspaces-bulk";
import {
  type DataFrame,
  linkToResult,
  markdown,
  showFrame,
  showTable,
  text,
} from "@keyspaces-segmentation/notebook-charts";
import type { Clustering } from "./assign.js";
import type { Worded } from "./load.js";
import { customersFile } from "./result_files.js";
import type { Settings } from "./settings.js";

/** The customer who has spent most. */
export function topCustomer({ customers }: Clustering): ClusteredCustomer {
  return customers.reduce((a, b) => (b.monetary > a.monetary ? b : a));
}

/** Which cluster is this customer in? A point read. @throws StepError */
export async function clusterOf(
  db: KeyspacesClient,
  { parameters }: Settings,
  customerId: string,
  { runId, inputs }: Pick<Clustering, "runId" | "inputs">,
): Promise<void> {
  const answer = await clusterOfCustomer(db, parameters, customerId, { runId });
  if (answer === null) markdown`Customer ${customerId} is in no cluster of run \`${runId}\`.`;
  else showTable([answer], { caption: `Customer ${customerId} in this run`, money: inputs.loaded.money });
}

/** And in earlier runs? One read as well, as all runs of a customer are one partition. @throws StepError */
export async function historyOf(
  db: KeyspacesClient,
  { parameters }: Settings,
  customerId: string,
  { money }: Worded,
): Promise<void> {
  const history = await historyOfCustomer(db, parameters, customerId);
  const stays = history.map(({ runDate, cluster, clusterName, monetary }) => ({
    runDate,
    cluster,
    clusterName,
    monetary,
  }));
  showTable(stays, { caption: `Customer ${customerId} in all stored runs, the newest first`, money });
}

/** Who is in this cluster? The first page. @throws StepError */
export async function membersOf(
  db: KeyspacesClient,
  { parameters }: Settings,
  { runId, cluster, pageSize, money }: Worded & { runId: string; cluster: number; pageSize: number },
): Promise<void> {
  const page = await customersOfCluster(db, parameters, { runId, cluster, pageSize });
  if (page === null) markdown`Run \`${runId}\` has no cluster ${cluster}.`;
  else
    showTable(page.customers, {
      caption: text`Cluster ${cluster}, “${page.name}”, first page of ${page.total}`,
      money,
    });
}

/** Shows the first customers of a frame, as far as its columns fit on a page, with a link to all of them. */
export function showCustomers(frame: DataFrame, { everybody, isSample, inputs }: Clustering): void {
  const link = linkToResult(customersFile(isSample), inputs.settings.parameters);
  showFrame(frame, {
    caption: "Customer and cluster",
    limit: 15,
    total: everybody.customers,
    without: ["last_purchase", "total", "RFM_SCORE"],
    money: inputs.loaded.money,
    link,
  });
}

/** Shows the clusters' figures, and what the words in their names mean among these customers. */
export function showClusters({ clusters, customers, inputs }: Clustering): void {
  const { money } = inputs.loaded;
  const figures = clusters.map(({ action: _, ...rest }) => rest);
  showTable(figures, { caption: "All clusters", limit: figures.length, money });
  const words = explainWords(clusters, customers, { money });
  if (words.length > 0) showTable(words, { caption: "Words in the names" });
}

/** Shows what a shop might do about each cluster. */
export function showActions({ clusters }: Clustering): void {
  const actions = clusters.map(({ cluster, name, action }) => ({ number: cluster, who: name, idea: action }));
  showTable(actions, { caption: "What a shop might do", limit: actions.length });
}

/** Shows what the files of the run are for, with a link to the page to hand out. */
export function showFiles({ customers, isSample, inputs }: Clustering): void {
  const whom = isSample ? `${customers.length} customers, drawn at random,` : "every customer";
  const files = [
    { file: "segments.html", holds: "a page to hand out" },
    { file: customersFile(isSample), holds: `${whom} with segment and cluster` },
    { file: "clusters.csv", holds: "every cluster with its figures" },
    { file: "rejects.csv", holds: "lines that could not be stored, each with its reason" },
    { file: "summary.json", holds: "the same for programs" },
  ];
  showTable(files, {
    caption: "The files of this run",
    link: linkToResult("segments.html", inputs.settings.parameters),
  });
}
