/** New customers and the clusters that they belong to. */
import type { AwsSession } from "@keyspaces-segmentation/aws-session";
import { customersToAssign, nameAnswers } from "@keyspaces-segmentation/customer-clusters";
import type { CustomerFeatures } from "@keyspaces-segmentation/invoices";
import { type AssignedCustomer, assignCustomers } from "@keyspaces-segmentation/kmeans";
import { say, showTable, text, warn } from "@keyspaces-segmentation/notebook-charts";
import { assignByBatchTransform, assignByEndpoint } from "@keyspaces-segmentation/sagemaker-kmeans";
import type { Segmentation } from "./assign.js";
import { runStep } from "./step.js";

function show(
  answers: readonly AssignedCustomer[],
  arrivals: readonly CustomerFeatures[],
  { identities, found }: Segmentation,
  how: string,
): void {
  const named = nameAnswers(answers, identities.clusters, { arrivals, found });
  showTable(named, { caption: `New customers, assigned ${how}` });
}

/** Assigns new customers on this machine, to the nearest centroid, and shows their clusters. */
export function scoreHere(arrivals: readonly CustomerFeatures[], segmentation: Segmentation): void {
  const { scaler, centroids } = segmentation.found;
  show(assignCustomers(customersToAssign(arrivals, scaler), centroids), arrivals, segmentation, "on this machine");
}

/** Assigns new customers by a batch transform, if the parameter `scoring` asks for it. @throws StepError */
export async function scoreByBatchTransform(
  session: AwsSession,
  arrivals: readonly CustomerFeatures[],
  segmentation: Segmentation,
): Promise<void> {
  const {
    settings: { parameters },
    account,
    training,
  } = segmentation.inputs;
  if (parameters.scoring !== "batch_transform") {
    say`No batch transform: \`scoring\` is not \`"batch_transform"\`.`;
    return;
  }
  const { kmsKey, instanceType, prefix } = parameters;
  const request = {
    customers: customersToAssign(arrivals, segmentation.found.scaler),
    modelUri: training.modelUri,
    role: account.role,
    bucket: account.bucket,
    prefix: `${prefix}/${segmentation.runId}`,
    instanceType,
    ...(kmsKey && { outputKmsKey: kmsKey }),
  };
  const answers = await runStep(
    "Batch transform",
    ({ signal, update }) => {
      const onStatus = ({ status }: { status: string }) => update({ text: status });
      return assignByBatchTransform(session, request, { signal, onStatus, onLeft: warn });
    },
    ({ length }) => text`${length} customers are assigned`,
  );
  show(answers, arrivals, segmentation, "by a batch transform");
}

/** Assigns new customers by an endpoint, if the parameter `scoring` asks for it. @throws StepError */
export async function scoreByEndpoint(
  session: AwsSession,
  arrivals: readonly CustomerFeatures[],
  segmentation: Segmentation,
): Promise<void> {
  const {
    settings: { parameters },
    account,
    training,
  } = segmentation.inputs;
  if (parameters.scoring !== "endpoint") {
    say`No endpoint: \`scoring\` is not \`"endpoint"\`.`;
    return;
  }
  const customers = customersToAssign(arrivals, segmentation.found.scaler);
  const request = { customers, modelUri: training.modelUri, role: account.role };
  const answers = await runStep(
    "Endpoint",
    ({ signal, update }) => {
      const onStatus = ({ status }: { status: string }) => update({ text: status });
      return assignByEndpoint(session, request, { signal, onStatus, onLeft: warn });
    },
    ({ length }) => text`${length} customers are assigned`,
  );
  show(answers, arrivals, segmentation, "by an endpoint");
}
