/** How far a rule of the service holds here. */
export type Status = "enforced" | "partly" | "not";

/** A rule of the service, or a part of what it does, and what becomes of it here. */
export interface CatalogueEntry {
  readonly what: string;
  readonly status: Status;
  /** Where AWS says so; undefined for what is this gateway's own. */
  readonly source: string | undefined;
  readonly remark: string;
}

const GUIDE = "https://docs.aws.amazon.com/keyspaces/latest/devguide/";

/** @param page of the developer guide, without `.html`, or a whole address; undefined for what is this gateway's own */
export function entry(status: Status, page: string | undefined, what: string, remark = ""): CatalogueEntry {
  const source = page === undefined || page.startsWith("https:") ? page : `${GUIDE}${page}.html`;
  return { what, status, source, remark };
}
