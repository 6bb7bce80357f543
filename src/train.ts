import { type AwsSession, tagsOf } from "@keyspaces-segmentation/aws-session";
import { describeVariety, requireEnoughCustomers } from "@keyspaces-segmentation/customer-clusters";
import type { Matrix } from "@keyspaces-segmentation/kmeans";
import { markdown, text, warn } from "@keyspaces-segmentation/notebook-charts";
import {
  fetchModel,
  jobGuards,
  steadyHyperparameters,
  type TrainingResult,
  trainKMeans,
} from "@keyspaces-segmentation/sagemaker-kmeans";
import type { Preflight } from "./preflight.js";
import type { ScaledFeatures } from "./prepare.js";
import type { Settings } from "./settings.js";
import { runStep } from "./step.js";

/** A training job and the model that it made. */
export interface Trained extends TrainingResult {
  /** A row a cluster, in the scale of the features. */
  readonly centroids: Matrix;
}

/**
 * Step 7: trains the built-in k-means algorithm as a SageMaker training job, follows it, and fetches its model.
 *
 * @param scaled a row a customer; what Spark has written of all of them is trained with, where it is in S3 already
 * @throws StepError when there are fewer customers than clusters, before anything is sent; else naming the job and why it failed
 */
export async function train(
  session: AwsSession,
  preflight: Preflight,
  { scaled, spark }: Pick<ScaledFeatures, "scaled" | "spark">,
  { parameters, costs }: Settings,
): Promise<Trained> {
  costs.begin("train");
  const { k, instances, instanceType, format, encryptTraffic, prefix, spot, reuse, whenLeft } = parameters;
  requireEnoughCustomers(scaled, k);
  const variety = describeVariety(scaled, k);
  if (variety !== null) markdown`${variety}`;
  const request = {
    features: spark?.stored ?? scaled,
    k,
    role: preflight.role,
    bucket: preflight.bucket,
    prefix,
    instanceType,
    instances,
    format,
    encryptTraffic,
    tags: tagsOf(session),
    ...jobGuards(parameters),
    ...(spot && { maxRuntimeSeconds: 1800, spotMaxWaitSeconds: 3600 }),
    hyperparameters: steadyHyperparameters(spark?.customers ?? scaled.rows, k, instances),
  };
  const training = await runStep(
    "Training job",
    ({ signal, update }) => {
      const onStatus = ({ secondaryStatus, message }: { secondaryStatus: string; message: string }) =>
        update({ text: `${secondaryStatus}: ${message}` });
      return trainKMeans(session, request, { reuse, whenLeft, onCannotLook: warn, signal, onStatus });
    },
    ({ job, status }) => `${job} is ${status}`,
  );
  return { ...training, centroids: await fetchModel(session, training.modelUri) };
}

/** Says what the model holds, and what its training costs. */
export function showModel({ centroids, reused, billableSeconds }: Trained): void {
  const cost = reused ? "it is the one of an earlier run" : text`training is billed for ${billableSeconds} s`;
  markdown`The model has **${centroids.rows} centroids** of ${centroids.columns} coordinates; ${cost}.`;
}
