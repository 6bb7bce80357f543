import { textLiteral } from "../cql/properties.js";

/** A tag as the API has it. */
export interface Tag {
  readonly key: string;
  readonly value: string;
}

export const mapOfTags = (tags: readonly Tag[]): ReadonlyMap<string, string> =>
  new Map(tags.map(({ key, value }) => [key, value]));

export const tagsLiteral = (tags: readonly Tag[]): string => textLiteral(mapOfTags(tags));
