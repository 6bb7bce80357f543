import { IAMClient } from "@aws-sdk/client-iam";
import { S3Client } from "@aws-sdk/client-s3";
import { SageMakerClient } from "@aws-sdk/client-sagemaker";
import type { AwsSession } from "./session.js";

// The SDK's advice to developers on Node 20 would stand in red in the notebook; the README names the versions of Node.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";

/** Without these, a connection to an address that swallows packets hangs for minutes. Milliseconds. */
export const answerWithin = { connectionTimeout: 5000, requestTimeout: 60_000 } as const;

/** One client per session and service, made when first asked for. The SDK finds the endpoint (AWS_ENDPOINT_URL, or the region's own). */
function perSession<Client>(make: (aws: AwsSession) => Client): (aws: AwsSession) => Client {
  const made = new WeakMap<AwsSession, Client>();
  return (aws) => {
    const client = made.get(aws) ?? make(aws);
    made.set(aws, client);
    return client;
  };
}

const common = ({ region, credentials }: AwsSession) => ({ region, credentials, requestHandler: answerWithin });

/** Follows redirects, because the retail data may lie in a bucket of another region. */
export const s3Of: (aws: AwsSession) => S3Client = perSession(
  (aws) => new S3Client({ ...common(aws), followRegionRedirects: true }),
);

export const iamOf: (aws: AwsSession) => IAMClient = perSession((aws) => new IAMClient(common(aws)));

export const sageMakerOf: (aws: AwsSession) => SageMakerClient = perSession((aws) => new SageMakerClient(common(aws)));
