/** Code units that UTF-16 does not have in the order of the characters: those of characters beyond U+FFFF come before the last ones below. */
const OUT_OF_ORDER = /[\ud800-\uffff]/g;

const inOrder = (unit: string): string => {
  const code = unit.charCodeAt(0);
  return String.fromCharCode(code < 0xe000 ? code + 0x2000 : code - 0x800);
};

/** What to compare instead of a text, so that the order is that of UTF-8, which databases and Spark have; most texts are it themselves. */
export const orderKey = (text: string): string =>
  text.search(OUT_OF_ORDER) < 0 ? text : text.replace(OUT_OF_ORDER, inOrder);
