import { fault } from "./errors.js";

/** What the List operations have in common. */
export interface ListRequest {
  readonly nextToken?: string;
  readonly maxResults?: number;
}

const MOST_RESULTS = 1000;

/**
 * One page of names in their order. A token is the last name of the page before.
 *
 * @throws AwsError for a token that is none
 */
export function pageOf(
  names: readonly string[],
  { nextToken, maxResults = MOST_RESULTS }: ListRequest,
): { readonly page: string[]; readonly nextToken: string | undefined } {
  const last = nextToken === undefined ? undefined : readToken(nextToken);
  const rest = names.toSorted().filter((name) => last === undefined || name > last);
  const page = rest.slice(0, maxResults);
  return { page, nextToken: page.length < rest.length ? writeToken(page.at(-1) ?? "") : undefined };
}

const PREFIX = "after:";
const writeToken = (name: string): string => Buffer.from(PREFIX + name).toString("base64url");

function readToken(token: string): string {
  const text = Buffer.from(token, "base64url").toString("utf8");
  if (!text.startsWith(PREFIX)) throw fault("ValidationException", "Invalid nextToken");
  return text.slice(PREFIX.length);
}
