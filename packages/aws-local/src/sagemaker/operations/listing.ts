import { AwsError } from "@keyspaces-segmentation/local-support";

/** What the List operations have in common. Times are seconds since 1970. */
export interface ListRequest {
  NextToken?: string;
  MaxResults?: number;
  NameContains?: string;
  StatusEquals?: string;
  CreationTimeAfter?: number;
  CreationTimeBefore?: number;
  LastModifiedTimeAfter?: number;
  LastModifiedTimeBefore?: number;
  SortBy?: "Name" | "CreationTime" | "Status";
  SortOrder?: "Ascending" | "Descending";
}

/** What can be listed. */
export interface Listed {
  readonly name: string;
  readonly created: Date;
  readonly lastModified?: Date;
  readonly status?: string;
}

const seconds = (date: Date): number => date.getTime() / 1000;

function matches({ name, created, lastModified = created, status }: Listed, request: ListRequest): boolean {
  const { NameContains, StatusEquals } = request;
  return (
    (!NameContains || name.toLowerCase().includes(NameContains.toLowerCase())) &&
    (!StatusEquals || status === StatusEquals) &&
    seconds(created) >= (request.CreationTimeAfter ?? -Infinity) &&
    seconds(created) <= (request.CreationTimeBefore ?? Infinity) &&
    seconds(lastModified) >= (request.LastModifiedTimeAfter ?? -Infinity) &&
    seconds(lastModified) <= (request.LastModifiedTimeBefore ?? Infinity)
  );
}

const sortKeys = {
  Name: ({ name }: Listed): string => name,
  CreationTime: ({ created }: Listed): string => created.toISOString(),
  Status: ({ status = "" }: Listed): string => status,
};

/** A page token is the name of the last item on the page before. */
function indexAfter(items: readonly Listed[], token: string | undefined): number {
  if (token === undefined) return 0;
  const last = items.findIndex(({ name }) => name === Buffer.from(token, "base64url").toString("utf8"));
  if (last < 0) throw new AwsError("ValidationException", "Invalid NextToken.");
  return last + 1;
}

/** The items that a List request asks for: filtered, sorted, one page. */
export function pageOf<T extends Listed>(
  items: Iterable<T>,
  request: ListRequest,
  defaultOrder: "Ascending" | "Descending",
): { page: T[]; NextToken: string | undefined } {
  const { SortBy = "CreationTime", SortOrder = defaultOrder, MaxResults = 10, NextToken } = request;
  const key = sortKeys[SortBy];
  const sorted = [...items].filter((item) => matches(item, request));
  sorted.sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));
  if (SortOrder === "Descending") sorted.reverse();
  const start = indexAfter(sorted, NextToken);
  const page = sorted.slice(start, start + MaxResults);
  const more = start + page.length < sorted.length;
  return { page, NextToken: more ? Buffer.from(page.at(-1)?.name ?? "").toString("base64url") : undefined };
}
