import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

/** Texts that must not be met, by what they are. */
export type Canaries = Readonly<Record<string, string>>;

/** Whichever of three places of a group of four it begins at, what of its Base64 does not depend on what stands before and behind. */
function base64Forms(bytes: Buffer): string[] {
  return [0, 1, 2].map((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes])
      .toString("base64")
      .replace(/=+$/, "");
    const [start, end] = [Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6)];
    return text.slice(start, end);
  });
}

/** A text as it is, and in the encodings that hide it from who searches for it: Base64, its form for URLs, percent signs, hexadecimal. */
export function formsOf(text: string): string[] {
  const bytes = Buffer.from(text);
  const base64 = base64Forms(bytes);
  const percent = [...bytes].map((byte) => `%${byte.toString(16).padStart(2, "0").toUpperCase()}`).join("");
  const forms = [
    ...[text, JSON.stringify(text).slice(1, -1), encodeURIComponent(text), percent],
    ...base64.flatMap((form) => [form, form.replaceAll("+", "-").replaceAll("/", "_")]),
    ...[bytes.toString("hex"), bytes.toString("hex").toUpperCase()],
  ];
  return [...new Set(forms)];
}

/** The signature of a request, wherever it may be written; AWS's are 64 hexadecimal digits. */
const SIGNATURE = /signature["']?\s*[=:]\s*["']?[0-9a-f]{64}(?![0-9a-f])/i;

/** What of the canaries a text holds, and whether a signature. */
export function canariesIn(text: string, canaries: Canaries): string[] {
  const found = Object.entries(canaries).flatMap(([name, canary]) =>
    formsOf(canary).some((form) => text.includes(form)) ? [name] : [],
  );
  return SIGNATURE.test(text) ? [...found, "a signature"] : found;
}

/** The files below a folder, by their paths in it, as bytes that are taken for characters. */
export function filesBelow(folder: string): Map<string, string> {
  const files = new Map<string, string>();
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    const path = join(folder, name);
    if (statSync(path, { throwIfNoEntry: false })?.isFile()) files.set(name, readFileSync(path, "latin1"));
  }
  return files;
}
