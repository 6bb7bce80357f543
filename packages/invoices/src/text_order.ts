/** The surrogates, of which characters beyond U+FFFF are made, and the characters above them. */
const [SURROGATES, ABOVE] = [0xd800, 0xe000];

/** A code unit such that those of larger characters are larger. */
function placeOf(unit: number): number {
  if (unit < SURROGATES) return unit;
  return unit < ABOVE ? unit + 0x2000 : unit - 0x800;
}

/** Compares texts by their characters' numbers, as UTF-8 and with it databases and Spark order them, and `<` in JavaScript does not. */
export function compareTexts(a: string, b: string): number {
  if (a === b) return 0;
  const end = Math.min(a.length, b.length);
  for (let i = 0; i < end; i++) {
    const [one, other] = [a.charCodeAt(i), b.charCodeAt(i)];
    if (one !== other) return placeOf(one) - placeOf(other);
  }
  return a.length - b.length;
}
