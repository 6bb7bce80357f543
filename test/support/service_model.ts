import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { PYTHON, ROOT } from "@keyspaces-segmentation/local-support";

export interface AwsRequest {
  service: "sagemaker";
  operation: string;
  input: unknown;
}

/** What AWS would refuse of each request, by botocore's model of the service: no complaints, no refusal. */
export function complaintsAbout(requests: readonly AwsRequest[]): string[][] {
  const script = join(ROOT, "test", "fixtures", "aws_requests.py");
  return JSON.parse(
    execFileSync(PYTHON, [script], { input: JSON.stringify(requests), encoding: "utf8" }),
  ) as string[][];
}
