import { IAMClient } from "@aws-sdk/client-iam";
import { S3Client } from "@aws-sdk/client-s3";
import { SageMakerClient } from "@aws-sdk/client-sagemaker";
import { SageMakerRuntimeClient } from "@aws-sdk/client-sagemaker-runtime";
import { type answerWithin, type Client, type ClientSettings, clientOf } from "./sdk_client.js";
import type { AwsSession } from "./session.js";

/** A container has 60 seconds for its answer. */
export const containerAnswersWithin: typeof answerWithin = { connectionTimeout: 5000, socketTimeout: 70_000 };

/** The clients of each session, by what makes them. */
const clients = new WeakMap<AwsSession, Map<unknown, unknown>>();

/** One client per session and service, made when first asked for. */
function perSession<C extends Client>(make: (settings: ClientSettings) => C): (aws: AwsSession) => C {
  return (aws) => {
    const ofSession = clients.get(aws) ?? new Map<unknown, unknown>();
    clients.set(aws, ofSession);
    const client = (ofSession.get(make) as C | undefined) ?? clientOf(aws, make);
    ofSession.set(make, client);
    return client;
  };
}

/** Follows redirects, because the retail data may lie in a bucket of another region. */
export const s3Of: (aws: AwsSession) => S3Client = perSession(
  (settings) => new S3Client({ ...settings, followRegionRedirects: true }),
);

export const iamOf: (aws: AwsSession) => IAMClient = perSession((settings) => new IAMClient(settings));

export const sageMakerOf: (aws: AwsSession) => SageMakerClient = perSession(
  (settings) => new SageMakerClient(settings),
);

export const sageMakerRuntimeOf: (aws: AwsSession) => SageMakerRuntimeClient = perSession(
  (settings) => new SageMakerRuntimeClient({ ...settings, requestHandler: containerAnswersWithin }),
);
