/**
 * Tells numbers of credit notes by how they begin, going on without a letter, or, behind a `*`, by how they end, without a letter before;
 * in any case.
 */
export function creditNumbers(words: readonly string[]): (number: string) => boolean {
  const capitals = words.map((word) => word.toUpperCase());
  const begins = (number: string, word: string): boolean =>
    number.slice(0, word.length).toUpperCase() === word && !/^\p{L}/u.test(number.slice(word.length));
  const ends = (number: string, end: string): boolean =>
    number.slice(-end.length).toUpperCase() === end && !/\p{L}$/u.test(number.slice(0, -end.length));
  return (number) =>
    capitals.some((word) => (word.startsWith("*") ? ends(number, word.slice(1)) : begins(number, word)));
}
