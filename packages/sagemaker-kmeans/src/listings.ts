import {
  ListEndpointConfigsCommand,
  ListEndpointsCommand,
  ListModelsCommand,
  ListTrainingJobsCommand,
  ListTransformJobsCommand,
} from "@aws-sdk/client-sagemaker";
import { askUntilAnswered } from "@keyspaces-segmentation/aws-jobs";
import type { AwsSession } from "@keyspaces-segmentation/aws-session";
import { sageMakerOf } from "./clients.js";
import { isUnknown } from "./removal.js";

/** What there is in SageMaker that costs or can be forgotten. */
export type Kind = "training job" | "transform job" | "endpoint" | "endpoint configuration" | "model";

/** A name and its ARN. */
export interface Listed {
  readonly name: string;
  readonly arn: string;
}

/** All pages of a list. @throws StepError */
async function all<P extends { NextToken?: string | undefined }>(
  what: string,
  page: (more: { NextToken?: string; MaxResults: number }) => Promise<P>,
  read: (page: P) => readonly (Listed | undefined)[],
): Promise<Listed[]> {
  const found: Listed[] = [];
  let token: string | undefined;
  do {
    const more = { MaxResults: 100, ...(token !== undefined && { NextToken: token }) };
    const answer = await askUntilAnswered(`list the ${what}`, () => page(more));
    for (const each of read(answer)) if (each) found.push(each);
    token = answer.NextToken;
  } while (token !== undefined);
  return found;
}

const listed = (name: string | undefined, arn: string | undefined): Listed | undefined =>
  name === undefined || arn === undefined ? undefined : { name, arn };

/** Statuses of jobs that have not ended, in their order: one that goes on to the next meanwhile is in a list all the same. */
const underWay = ["InProgress", "Stopping"] as const;

/** The lists of jobs of each of these statuses, each job once. */
async function ofEach(list: (StatusEquals: (typeof underWay)[number]) => Promise<Listed[]>): Promise<Listed[]> {
  const byName = new Map<string, Listed>();
  for (const status of underWay) for (const job of await list(status)) byName.set(job.name, job);
  return [...byName.values()];
}

/** All jobs that have not ended, and all endpoints, configurations and models of the account and region, each @throws StepError. */
export const listsOf = (aws: AwsSession): Readonly<Record<Kind, () => Promise<Listed[]>>> => {
  const sageMaker = sageMakerOf(aws);
  return {
    "training job": () =>
      ofEach((StatusEquals) =>
        all(
          "training jobs",
          (more) => sageMaker.send(new ListTrainingJobsCommand({ StatusEquals, ...more })),
          ({ TrainingJobSummaries = [] }) =>
            TrainingJobSummaries.map(({ TrainingJobName, TrainingJobArn }) => listed(TrainingJobName, TrainingJobArn)),
        ),
      ),
    "transform job": () =>
      ofEach((StatusEquals) =>
        all(
          "transform jobs",
          (more) => sageMaker.send(new ListTransformJobsCommand({ StatusEquals, ...more })),
          ({ TransformJobSummaries = [] }) =>
            TransformJobSummaries.map(({ TransformJobName, TransformJobArn }) =>
              listed(TransformJobName, TransformJobArn),
            ),
        ),
      ),
    endpoint: () =>
      all(
        "endpoints",
        (more) => sageMaker.send(new ListEndpointsCommand(more)),
        ({ Endpoints = [] }) => Endpoints.map(({ EndpointName, EndpointArn }) => listed(EndpointName, EndpointArn)),
      ),
    "endpoint configuration": () =>
      all(
        "endpoint configurations",
        (more) => sageMaker.send(new ListEndpointConfigsCommand(more)),
        ({ EndpointConfigs = [] }) =>
          EndpointConfigs.map(({ EndpointConfigName, EndpointConfigArn }) =>
            listed(EndpointConfigName, EndpointConfigArn),
          ),
      ),
    model: () =>
      all(
        "models",
        (more) => sageMaker.send(new ListModelsCommand(more)),
        ({ Models = [] }) => Models.map(({ ModelName, ModelArn }) => listed(ModelName, ModelArn)),
      ),
  };
};

/** What was found when a thing was asked about that may be gone by then. */
export async function unlessGone<T>(tried: string, send: () => Promise<T>): Promise<T | undefined> {
  const once = async (): Promise<{ answer: T | undefined }> => {
    try {
      return { answer: await send() };
    } catch (error) {
      if (isUnknown(error)) return { answer: undefined };
      throw error;
    }
  };
  return (await askUntilAnswered(tried, once)).answer;
}
