/**
 * Eight-bit encodings that are read here: Windows-1252 because versions of Node differ in its bytes 0x80 to 0x9f
 * (https://github.com/nodejs/node/issues/56542), DOS code page 850 because `TextDecoder` does not know it.
 */
const UPPER_HALVES: ReadonlyMap<string, string> = new Map([
  // Bytes 0x80 to 0x9f; the rest is Latin-1. What is undefined stays a control character, as in the WHATWG Encoding Standard.
  ["windows-1252", "€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ"],
  // Bytes 0x80 to 0xff.
  [
    "ibm850",
    "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\xad±‗¾¶§÷¸°¨·¹³²■\xa0",
  ],
]);

const ALIASES: ReadonlyMap<string, string> = new Map([
  ["utf-8-sig", "utf-8"],
  ["utf8-sig", "utf-8"],
  ["ansi", "windows-1252"],
  ["latin-1", "windows-1252"],
  ["windows1252", "windows-1252"],
  ["utf16", "utf-16le"],
  ["ibm850", "ibm850"],
  ["cp850", "ibm850"],
  ["850", "ibm850"],
  ["mac-roman", "macintosh"],
  ["mac_roman", "macintosh"],
  ["macroman", "macintosh"],
]);

/** The encoding that a word means which is no label of the WHATWG Encoding Standard; undefined where it may be one. */
export function codePageNamed(word: string): string | undefined {
  return ALIASES.get(word);
}

/** Decodes an eight-bit encoding that is read here; undefined for another. */
export function codePageDecoder(encoding: string): ((bytes: Buffer) => string) | undefined {
  const upper = UPPER_HALVES.get(encoding);
  if (upper === undefined) return undefined;
  const replaced = upper.length === 32 ? /[\x80-\x9f]/g : /[\x80-\xff]/g;
  const replace = (character: string): string => upper.charAt(character.charCodeAt(0) - 0x80);
  return (bytes) => bytes.toString("latin1").replace(replaced, replace);
}

/** Bytes that Windows-1252 has no character for. */
export function isUndefinedInWindows1252(byte: number): boolean {
  return byte === 0x81 || byte === 0x8d || byte === 0x8f || byte === 0x90 || byte === 0x9d;
}
