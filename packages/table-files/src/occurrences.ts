/** The values of a column, one after the other, or each different one with how often it occurs. */
export type ColumnValues = readonly string[] | ReadonlyMap<string, number>;

/** How often each text occurs, in the order in which they come first: a column of a file holds few different values. */
export function occurrencesOf(values: ColumnValues): ReadonlyMap<string, number> {
  if (values instanceof Map) return values;
  const counts = new Map<string, number>();
  for (const value of values as readonly string[]) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

/** So many values of a sample that say the same are no slips, however large it is: a stretch of the file is written otherwise. */
export const NO_SLIPS = 20;

/** Whether so few values are strays: at most one in a hundred of all, and one beside fifty that speak for the contrary. */
export function areStrays(few: number, contrary: number, all: number): boolean {
  return few < NO_SLIPS && few * 100 <= all && few * 50 <= contrary;
}
