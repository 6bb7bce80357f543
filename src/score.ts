/** New customers and the clusters that they belong to. */
import { type AwsSession, tagsOf } from "@keyspaces-segmentation/aws-session";
import { customersToAssign, nameAnswers } from "@keyspaces-segmentation/customer-clusters";
import type { CustomerFeatures } from "@keyspaces-segmentation/invoices";
import { type AssignedCustomer, assignCustomers } from "@keyspaces-segmentation/kmeans";
import { markdown, showTable, text, warn } from "@keyspaces-segmentation/notebook-charts";
import { assignByBatchTransform, assignByEndpoint, jobGuards } from "@keyspaces-segmentation/sagemaker-kmeans";
import type { Clustering } from "./assign.js";
import { runStep } from "./step.js";

function show(
  answers: readonly AssignedCustomer[],
  arrivals: readonly CustomerFeatures[],
  { identities, found, inputs }: Clustering,
  how: string,
): void {
  const named = nameAnswers(answers, identities.clusters, { arrivals, found, money: inputs.loaded.money });
  showTable(named, { caption: `New customers, assigned ${how}` });
}

/** Assigns new customers on this machine, to the nearest centroid, and shows their clusters. */
export function scoreHere(arrivals: readonly CustomerFeatures[], clustering: Clustering): void {
  const { scaler, centroids } = clustering.found;
  show(assignCustomers(customersToAssign(arrivals, scaler), centroids), arrivals, clustering, "on this machine");
}

/** The work of a hosted model: it can be interrupted, and tells what the service is at. */
type Hosted = (options: {
  signal: AbortSignal;
  onStatus: (change: { status: string }) => void;
  onLeft: typeof warn;
}) => Promise<AssignedCustomer[]>;

const scoreHosted = (title: string, ask: Hosted): Promise<AssignedCustomer[]> =>
  runStep(
    title,
    ({ signal, update }) => ask({ signal, onStatus: ({ status }) => update({ text: status }), onLeft: warn }),
    ({ length }) => text`${length} customers are assigned`,
  );

/** Assigns new customers by a batch transform, if the parameter `scoring` asks for it. @throws StepError */
export async function scoreByBatchTransform(
  session: AwsSession,
  arrivals: readonly CustomerFeatures[],
  clustering: Clustering,
): Promise<void> {
  const { settings, preflight, training } = clustering.inputs;
  settings.costs.begin("further");
  const { scoring, instanceType, prefix } = settings.parameters;
  if (scoring !== "batch_transform") {
    markdown`No batch transform: \`scoring\` is not \`"batch_transform"\`.`;
    return;
  }
  const request = {
    customers: customersToAssign(arrivals, clustering.found.scaler),
    modelUri: training.modelUri,
    role: preflight.role,
    bucket: preflight.bucket,
    prefix: `${prefix}/${clustering.runId}`,
    instanceType,
    tags: tagsOf(session),
    ...jobGuards(settings.parameters),
  };
  const answers = await scoreHosted("Batch transform", (options) => assignByBatchTransform(session, request, options));
  show(answers, arrivals, clustering, "by a batch transform");
}

/** Assigns new customers by an endpoint, if the parameter `scoring` asks for it. @throws StepError */
export async function scoreByEndpoint(
  session: AwsSession,
  arrivals: readonly CustomerFeatures[],
  clustering: Clustering,
): Promise<void> {
  const { settings, preflight, training } = clustering.inputs;
  settings.costs.begin("further");
  if (settings.parameters.scoring !== "endpoint") {
    markdown`No endpoint: \`scoring\` is not \`"endpoint"\`.`;
    return;
  }
  markdown`${settings.costs.forgottenEndpoint()}`;
  const customers = customersToAssign(arrivals, clustering.found.scaler);
  const { modelUri } = training;
  const request = { customers, modelUri, role: preflight.role, tags: tagsOf(session) };
  const answers = await scoreHosted("Endpoint", (options) => assignByEndpoint(session, request, options));
  show(answers, arrivals, clustering, "by an endpoint");
}
