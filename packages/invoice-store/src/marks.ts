import { markedTags, markTagsOver, type Tags, tagLiteral } from "@keyspaces-segmentation/keyspaces-bulk";
import type { Client } from "cassandra-driver";

/** Whose invoices a keyspace was made for: the reader's own, or the sample, which includes generated ones. */
export type Invoices = "own" | "sample";

/** What the walkthrough has noted about a keyspace when it made it. */
export interface Mark {
  invoices: Invoices;
  /** Who has made it, as `ownerOf` words it; undefined where that was not noted. */
  owner: string | undefined;
}

/** The tag that says whose invoices a keyspace holds, as CQL writes it. */
export const invoicesTag = (invoices: Invoices): string => tagLiteral({ invoices });

/** The tags that mark a keyspace as the walkthrough's, as CQL writes them. */
export const keyspaceTags = (client: Client, invoices: Invoices, owner: string | undefined): string =>
  markTagsOver(client, { invoices, ...(owner !== undefined && { "made-for": owner }) });

/** The mark of a keyspace; undefined where it has none and so is somebody else's. @throws what the service answers */
export async function markOf(client: Client, keyspace: string, signal?: AbortSignal): Promise<Mark | undefined> {
  const tags: Tags | undefined = await markedTags(client, { keyspace }, signal);
  return tags && { invoices: tags.invoices === "sample" ? "sample" : "own", owner: tags["made-for"] };
}
