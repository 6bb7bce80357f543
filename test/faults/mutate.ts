import type { seededRandom } from "@keyspaces-segmentation/kmeans";

type Random = ReturnType<typeof seededRandom>;

const pick = <T>(random: Random, options: readonly T[]): T => options[Math.floor(random() * options.length)]!;
const NASTY = [
  '"',
  '""',
  ",",
  "\n",
  "\r\n",
  "\r",
  "\0",
  "\uFEFF",
  "£",
  "🎁",
  "-",
  ".",
  "e9",
  "9999999999",
  "C",
  " ",
  "\t",
  "=",
  "\u2028",
];

/** How a line of a CSV file goes wrong on its way through spreadsheets, mail and people. */
const mutations: readonly ((line: string, random: Random) => string)[] = [
  (line, random) => insertAt(line, random, pick(random, NASTY)),
  (line, random) => insertAt(insertAt(line, random, pick(random, NASTY)), random, pick(random, NASTY)),
  (line, random) => line.slice(0, Math.floor(random() * line.length)),
  (line, random) => line.slice(Math.floor(random() * line.length)),
  (line, random) => {
    const at = Math.floor(random() * line.length);
    return line.slice(0, at) + line.slice(at + 1 + Math.floor(random() * 5));
  },
  (line, random) => withField(line, random, () => pick(random, NASTY)),
  (line, random) => withField(line, random, () => ""),
  (line, random) => withField(line, random, (field) => `"${field}`),
  (line, random) => withField(line, random, (field) => `"${field}"`),
  (line, random) => withField(line, random, (field) => field.repeat(1 + Math.floor(random() * 3000))),
  (line) => `${line},${line}`,
  (line) => line.replaceAll(",", ";"),
  () => "",
];

function insertAt(line: string, random: Random, text: string): string {
  const at = Math.floor(random() * (line.length + 1));
  return line.slice(0, at) + text + line.slice(at);
}

function withField(line: string, random: Random, change: (field: string) => string): string {
  const fields = line.split(",");
  const at = Math.floor(random() * fields.length);
  return fields.with(at, change(fields[at]!)).join(",");
}

/** The same text with one thing wrong. */
export function mutated(line: string, random: Random): string {
  return pick(random, mutations)(line, random);
}
