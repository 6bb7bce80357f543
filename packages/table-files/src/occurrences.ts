/** How often each text occurs, in the order in which they come first: a column of a file holds few different values. */
export function occurrencesOf(values: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}
