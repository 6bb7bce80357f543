/** Has moto's KMS do something, past the front. @returns the answer; undefined where moto has refused */
export async function askKms(
  { region, port }: { region: string; port: number },
  operation: string,
  request: object,
): Promise<Readonly<Record<string, unknown>> | undefined> {
  const response = await fetch(`http://127.0.0.1:${port}/`, {
    method: "POST",
    headers: {
      "content-type": "application/x-amz-json-1.1",
      "x-amz-target": `TrentService.${operation}`,
      authorization: `AWS4-HMAC-SHA256 Credential=stand-in/20200101/${region}/kms/aws4_request, SignedHeaders=host, Signature=0`,
    },
    body: JSON.stringify(request),
  });
  const answer = (await response.json().catch(() => ({}))) as Record<string, unknown>;
  return response.ok ? answer : undefined;
}
