import { GetRoleCommand } from "@aws-sdk/client-iam";
import { HeadObjectCommand, ListMultipartUploadsCommand, ListObjectVersionsCommand } from "@aws-sdk/client-s3";
import {
  DescribeEndpointCommand,
  DescribeTrainingJobCommand,
  DescribeTransformJobCommand,
  ListTrainingJobsCommand,
} from "@aws-sdk/client-sagemaker";
import { type AwsSession, isDenied, passesByItself } from "@keyspaces-segmentation/aws-session";
import { messageOf } from "@keyspaces-segmentation/common";
import { iamOf, s3Of, sageMakerOf } from "./clients.js";
import type { Found, Needs } from "./needs.js";
import type { Answer } from "./permissions.js";

/** Of something that is not there: AWS decides whether one may ask before it looks. */
const nobody = "customer-segmentation-doctor";

/** Sends a request that changes nothing. Whatever comes back but a refusal means that it was allowed. */
async function ask(request: () => Promise<unknown>): Promise<Answer> {
  try {
    await request();
    return "allowed";
  } catch (error) {
    if (isDenied(error)) return { denied: messageOf(error) };
    const { $metadata: answer } = error as { $metadata?: { httpStatusCode?: number } };
    return answer?.httpStatusCode === undefined || passesByItself(error) ? "unknown" : "allowed";
  }
}

/** What can be asked by doing it, by the Sid of the statement and the action: only what reads. */
export function probes(
  aws: AwsSession,
  { dataBucket, dataKey, prefix }: Needs,
  { bucket, role }: Found,
): Readonly<Record<string, () => Promise<Answer>>> {
  const head = (Bucket: string, Key: string) => ask(() => s3Of(aws).send(new HeadObjectCommand({ Bucket, Key })));
  const sageMaker = sageMakerOf(aws);
  return {
    ...(bucket !== "" && {
      "Objects s3:GetObject": () => head(bucket, `${prefix}/${nobody}`),
      "Bucket s3:ListBucketVersions": () =>
        ask(() => s3Of(aws).send(new ListObjectVersionsCommand({ Bucket: bucket, MaxKeys: 1 }))),
      "Bucket s3:ListBucketMultipartUploads": () =>
        ask(() => s3Of(aws).send(new ListMultipartUploadsCommand({ Bucket: bucket, MaxUploads: 1 }))),
    }),
    "RetailData s3:GetObject": () => head(dataBucket, dataKey),
    ...(role !== "" && {
      "TrainingRole iam:GetRole": () =>
        ask(() => iamOf(aws).send(new GetRoleCommand({ RoleName: role.split("/").at(-1) }))),
    }),
    "WatchTraining sagemaker:DescribeTrainingJob": () =>
      ask(() => sageMaker.send(new DescribeTrainingJobCommand({ TrainingJobName: nobody }))),
    "FindTraining sagemaker:ListTrainingJobs": () =>
      ask(() => sageMaker.send(new ListTrainingJobsCommand({ MaxResults: 1 }))),
    "WatchBatchTransform sagemaker:DescribeTransformJob": () =>
      ask(() => sageMaker.send(new DescribeTransformJobCommand({ TransformJobName: nobody }))),
    "UseEndpoint sagemaker:DescribeEndpoint": () =>
      ask(() => sageMaker.send(new DescribeEndpointCommand({ EndpointName: nobody }))),
  };
}
