import { createHash, createHmac } from "node:crypto";
import type { AwsSession } from "@keyspaces-segmentation/aws-session";
import { partitionOf } from "@keyspaces-segmentation/aws-session";
import { messageOf } from "@keyspaces-segmentation/common";
import { SignatureV4 } from "@smithy/signature-v4";
import type { Outcome } from "./check.js";

/** Codes of "ml.… for training job usage", by the instance type; a quota cannot be asked for by its name. */
const codes: Readonly<Record<string, string>> = { "ml.m5.large": "L-611FA074" };

/** SHA-256, as the signer wants it. */
class Sha256 {
  readonly #hash;
  constructor(key?: unknown) {
    this.#hash = key === undefined ? createHash("sha256") : createHmac("sha256", key as Buffer | string);
  }
  update(data: string | Uint8Array): void {
    this.#hash.update(data);
  }
  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }
}

/** One signed request: a client of its own would be a dependency for one question. @throws Error with AWS's words */
async function getQuota(aws: AwsSession, code: string): Promise<number | undefined> {
  const endpoint = new URL(
    process.env.AWS_ENDPOINT_URL ?? `https://servicequotas.${aws.region}.${partitionOf(aws.region).suffix}`,
  );
  const body = JSON.stringify({ ServiceCode: "sagemaker", QuotaCode: code });
  const signer = new SignatureV4({
    service: "servicequotas",
    region: aws.region,
    credentials: () => aws.credentials(),
    sha256: Sha256 as never,
  });
  const { headers } = await signer.sign({
    method: "POST",
    protocol: endpoint.protocol,
    hostname: endpoint.hostname,
    path: "/",
    headers: {
      host: endpoint.host,
      "content-type": "application/x-amz-json-1.1",
      "x-amz-target": "ServiceQuotasV20190624.GetServiceQuota",
    },
    body,
  });
  const answer = await fetch(endpoint, { method: "POST", headers, body, signal: AbortSignal.timeout(10_000) });
  const said = (await answer.json()) as {
    Quota?: { Value?: number };
    __type?: string;
    message?: string;
    Message?: string;
  };
  if (!answer.ok)
    throw new Error(
      `${said.__type?.replace(/^.*#/, "") ?? answer.status}: ${said.message ?? said.Message ?? "no reason"}`,
    );
  return said.Quota?.Value;
}

/**
 * Whether the account may run training jobs on an instance type at all: a new one often may not.
 *
 * @see https://docs.aws.amazon.com/servicequotas/2019-06-24/apireference/API_GetServiceQuota.html
 */
export async function checkQuota(aws: AwsSession, instanceType: string): Promise<Outcome<undefined>> {
  const name = `${instanceType} for training job usage`;
  const shows = `"${name}": whether it is more than 0 shows in step 7`;
  const code = codes[instanceType];
  if (code === undefined) return { value: undefined, state: "unchecked", detail: shows };
  try {
    const quota = await getQuota(aws, code);
    if (quota === undefined) return { value: undefined, state: "unchecked", detail: shows };
    if (quota > 0) return { value: undefined, detail: `"${name}" is ${quota}` };
    const todo = `Ask for a higher quota of SageMaker in the Service Quotas console, "${name}" (${code}), or choose another instanceType.`;
    return { value: undefined, state: "to do", detail: `"${name}" is 0`, todo };
  } catch (error) {
    const got = messageOf(error);
    const why = got.startsWith("AccessDenied")
      ? "without servicequotas:GetServiceQuota, which nothing here needs"
      : got;
    return { value: undefined, state: "unchecked", detail: `${shows} (${why})` };
  }
}
