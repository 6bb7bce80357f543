import { AwsError } from "@keyspaces-segmentation/local-support";

/** One page of a list, and the token of the next: how many items lie before it. */
export function pageOf<T>(
  items: readonly T[],
  { NextToken, MaxResults = 100 }: { NextToken?: string; MaxResults?: number },
): { page: T[]; NextToken: string | undefined } {
  const start = NextToken === undefined ? 0 : Number(Buffer.from(NextToken, "base64url").toString("utf8"));
  if (!Number.isInteger(start) || start < 0) throw new AwsError("InvalidInputException", "Invalid next token.");
  const next = start + MaxResults;
  return {
    page: items.slice(start, next),
    NextToken: next < items.length ? Buffer.from(String(next)).toString("base64url") : undefined,
  };
}
