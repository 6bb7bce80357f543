import { ArgumentError } from "@keyspaces-segmentation/common";
import { FACTS, type Fact, simplified } from "./column_names.js";

/** What the parameter `columns` says. */
export interface GivenColumns {
  readonly names: { readonly [Name in Fact]?: string };
  /** Of a file without a header: the facts of its columns in order. */
  readonly order: readonly (Fact | null)[] | null;
}

/**
 * Reads the parameter `columns`: pairs `fact=Name of the column` (`-` for a fact that is to be left out), separated by `;` (or `,`, where no name has one), or, for a file
 * without a header, the facts of its columns in order, `-` for one that does not matter.
 *
 * @throws ArgumentError for anything else
 */
export function readColumns(text: string | null): GivenColumns {
  if (text === null || text.trim() === "") return { names: {}, order: null };
  const parts = text.split(text.includes(";") ? ";" : ",").map((part) => part.trim());
  const factOf = (word: string): Fact => {
    const fact = FACTS.find((each) => simplified(each) === simplified(word));
    if (fact === undefined)
      throw new ArgumentError("columns", `pairs such as invoice=Number, of ${FACTS.join(", ")}`, text);
    return fact;
  };
  if (parts.every((part) => !part.includes("="))) {
    return { names: {}, order: parts.map((part) => (part === "-" ? null : factOf(part))) };
  }
  const names: { [Name in Fact]?: string } = {};
  for (const part of parts.filter((each) => each !== "")) {
    const equals = part.indexOf("=");
    names[factOf(equals < 0 ? part : part.slice(0, equals).trim())] = part.slice(equals + 1).trim();
  }
  return { names, order: null };
}
