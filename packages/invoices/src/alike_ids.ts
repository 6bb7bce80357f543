/** As long as those of telephones are, with blanks and signs within or not. */
const LONG_NUMBER = /^\+?\(?\d(?:[\s()./-]*\d){6,}$/;

/** Ids that differ from another one in something that programs lose: pairs of it and the other. */
export interface AlikeIds {
  readonly leadingZeros: readonly (readonly [string, string])[];
  readonly letterCase: readonly (readonly [string, string])[];
  /** Of numbers, such as those of telephones. */
  readonly signs: readonly (readonly [string, string])[];
}

/** Finds ids that may be one customer: those that an earlier one equals but for zeros in front, for large and small letters, or for blanks and signs in a number. */
export function alikeIds(ids: Iterable<string>): AlikeIds {
  return {
    leadingZeros: pairsBy(ids, (id) => (/^\d+$/.test(id) ? id.replace(/^0+(?=\d)/, "") : null)),
    letterCase: pairsBy(ids, (id) => id.toLowerCase()),
    signs: pairsBy(ids, (id) => (LONG_NUMBER.test(id) ? id.replace(/\D/g, "") : null)),
  };
}

function pairsBy(ids: Iterable<string>, keyOf: (id: string) => string | null): [string, string][] {
  const known = new Map<string, string>();
  const pairs: [string, string][] = [];
  for (const id of ids) {
    const key = keyOf(id);
    if (key === null) continue;
    const other = known.get(key);
    if (other === undefined) known.set(key, id);
    else if (other !== id) pairs.push([id, other]);
  }
  return pairs;
}
