/** Minutes east of Greenwich of the names that mean one offset only: RFC 9110's, and those of RFC 2822, section 4.3. */
const ZONES: { readonly [name: string]: number } = {
  z: 0,
  ut: 0,
  utc: 0,
  gmt: 0,
  est: -300,
  edt: -240,
  cst: -360,
  cdt: -300,
  mst: -420,
  mdt: -360,
  pst: -480,
  pdt: -420,
};

/** @param word in small letters
 *  @returns undefined for a name that means different offsets to different people (BST, IST, CET in summer) */
export function zoneOffset(word: string): number | undefined {
  return Object.hasOwn(ZONES, word) ? ZONES[word] : undefined;
}
