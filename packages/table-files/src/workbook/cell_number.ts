/** A number as the file has it, in the fewest digits that mean the same double, without a power of ten: 2.5499999999999998 is 2.55. */
export function numberText(text: string): string {
  // Up to 15 digits a decimal is the shortest of its double; such is nearly every cell.
  if (text.length <= 15 && isShortest(text)) return text === "-0" ? "0" : text;
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value)) return text;
  return plain(String(value));
}

const [MINUS, POINT, ZERO, NINE] = [45, 46, 48, 57];

/** Whether a text is digits, perhaps with a minus and a point, without a zero that could be left out: a loop, as it is asked of each cell. */
function isShortest(text: string): boolean {
  const start = text.charCodeAt(0) === MINUS ? 1 : 0;
  const { length } = text;
  let point = length;
  for (let at = start; at < length; at++) {
    const code = text.charCodeAt(at);
    if (code === POINT && point === length) point = at;
    else if (code < ZERO || code > NINE) return false;
  }
  if (point === start || (text.charCodeAt(start) === ZERO && point > start + 1)) return false;
  const last = text.charCodeAt(length - 1);
  return point === length || (last !== ZERO && last !== POINT);
}

/** `1.5e-7` as `0.00000015`, `1e+21` as 1 and 21 zeros. */
function plain(text: string): string {
  const parts = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(text);
  if (!parts) return text === "-0" ? "0" : text;
  const [, sign, first, more = "", exponent] = parts;
  const digits = `${first}${more}`;
  const places = Number(exponent);
  return places < 0 ? `${sign}0.${"0".repeat(-places - 1)}${digits}` : `${sign}${digits.padEnd(places + 1, "0")}`;
}
