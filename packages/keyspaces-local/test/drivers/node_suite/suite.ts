import { catalogue } from "@keyspaces-segmentation/keyspaces-local/dist/catalogue/catalogue.js";
import { batches, concurrency } from "./batches.js";
import type { Cases } from "./case.js";
import { connecting } from "./connecting.js";
import { dataTypes } from "./data_types.js";
import { mapper } from "./mapper.js";
import { metadata } from "./metadata.js";
import { paging } from "./paging.js";
import { policies } from "./policies.js";
import { statements } from "./statements.js";

/** What the documentation of the Node.js driver says that it does, by its chapters. */
export const suite: Readonly<Record<string, Cases>> = {
  connecting,
  statements,
  "data types": dataTypes,
  paging,
  batches,
  "concurrent execution": concurrency,
  "the mapper": mapper,
  metadata,
  policies,
};

/** The README's table of what does not come out as documented, in Markdown. */
export function nodeTable(): string {
  const all = Object.entries(suite).flatMap(([chapter, cases]) =>
    Object.entries(cases).map(([name, { refusedBy, otherwise }]) => {
      const reason = refusedBy ? `\`${refusedBy}\`: ${catalogue[refusedBy].what}` : otherwise;
      return { chapter, name, reason };
    }),
  );
  const others = all.filter(({ reason }) => reason !== undefined);
  const counts = Object.entries(suite).map(([chapter, cases]) => `${Object.keys(cases).length} of ${chapter}`);
  return [
    `Of ${all.length} cases (${counts.join(", ")}), ${all.length - others.length} pass. The others, and why:`,
    "",
    "| chapter | case | reason |",
    "| --- | --- | --- |",
    ...others.map(({ chapter, name, reason }) => `| ${chapter} | ${name} | ${reason} |`),
  ].join("\n");
}
