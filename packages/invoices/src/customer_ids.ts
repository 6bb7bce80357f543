import { formatPlural, pluralForm, StepError } from "@keyspaces-segmentation/common";
import { FingerprintTable, HIGH_PRIME, HIGH_SEED, hashed, LOW_PRIME, LOW_SEED, mixed } from "./fingerprints.js";

/** What programs write where there is no customer, in small letters. 0 is what shops write for guests. */
const NOBODY: readonly string[] = [
  "nan, null, none, nil, n/a, na, n.a., nat, \\n, undefined, (blank), -, --, –, —, guest, guest checkout, anonymous, unknown",
  "cash sale, walk-in, walk in, walkin, gast, unbekannt, laufkundschaft, k.a., k. a., ka, keine angabe, n.v., n.n., s/n, s/d, -1",
  "not registered, unregistered, not available, no name, noname, test, tbd, xxx, ?, ??, ???, ., none given, cpd, cash, web guest",
  "counter sale, sin cliente, cliente final, sans client, client divers, nessuno, particulier, geen, brak, klient detaliczny, gość",
  "gäst, okänd, convidado, desconhecido, not provided, not specified, not given, not set, no email, no data, missing, anonym, anonyme",
  "anonimo, anónimo, barverkauf, invité, inconnu, client de passage, invitado, consumidor final, ospite, onbekend",
].flatMap((line) => line.split(", "));

const DIGIT = /\d/;
/** Zeros alone, as a whole number or not, or as a UUID. */
const ZERO = /^0+([.,]0*|(-0+)+)?$/;

/** As programs set what is no value apart from values: (anonymous), <unknown>, [guest]. */
const IN_BRACKETS = /^[(<[{](.+)[)>\]}]$/;

/** A kind of customer, and no one of them: "Walk-in customer", "Einmalkunde", "Cliente ocasional". */
const ANYBODY = new RegExp(
  `^(?:${[
    "(?:walk[- ]?in|guest|unknown|anonymous|cash|counter|pos|online|web|internet|default|generic|one[- ]?time|occasional|retail|deleted|test|dummy|misc(?:ellaneous)?|various|no)[- ]?(?:customers?|clients?|users?|buyers?|shoppers?|accounts?)",
    "misc(?:ellaneous)?|others?|various|retail|online|web|pos|deleted|\\[object object\\]|sonstiges?|divers(?:es?)?|(?:einmal|lauf|bar|gast|kassen)kunden?|comptoir",
    "client (?:comptoir|anonyme|inconnu|occasionnel|web)|cliente (?:contado|de contado|ocasional|mostrador|anonimo|anónimo|generico|genérico|varios|web)|p[úu]blico(?: en)? general|clientes varios",
    "kassakunde|passant|balieklant|kontantkund|kontantkunde|diverse (?:kunder|kunden|klanten)",
    // Errors of a spreadsheet, in the language of its user.
    "#(?:n/[avd]|nv|na|nd|[¡¿]?[\\p{L}/0]+[!?])",
  ].join("|")})$`,
  "u",
);
/** Addresses that a shop writes for customers who give none. */
const NO_ADDRESS = /^(?:anonym(?:ous)?|guest|no[-_.]?(?:e?mail|reply)|none|unknown|nobody|test|walk[-_.]?in)@/;

export interface NobodyOptions {
  /** Further texts that stand for nobody, such as `Guest`; in any case. */
  readonly words?: readonly string[];
  /** Texts that are customers all the same, such as `0`. */
  readonly except?: readonly string[];
}

/**
 * Reads the text of a customer id: null where it stands for nobody. Letters large or small, quotes and blanks around it do not matter.
 *
 * @returns a function that gives the id without what is around it
 */
export function nobodyReader({ words = [], except = [] }: NobodyOptions = {}): (text: string) => string | null {
  const plain = (text: string): string => unwrapped(text).toLowerCase();
  const customers = new Set(except.map(plain));
  const nobody = new Set([...NOBODY, ...words.map(plain)]);
  return (text) => {
    const id = unwrapped(text);
    if (id === "") return null;
    const key = id.toLowerCase();
    if (customers.has(key)) return id;
    const inside = IN_BRACKETS.exec(key)?.[1];
    if (!DIGIT.test(key.charAt(0)) && (ANYBODY.test(key) || NO_ADDRESS.test(key))) return null;
    return nobody.has(key) || ZERO.test(id) || (inside !== undefined && (nobody.has(inside) || ANYBODY.test(inside)))
      ? null
      : id;
  };
}

/** Blanks of every kind, and characters that are not seen. */
const ASCII = /^[\0-\x7f]*$/;
const AROUND = /^[\s\0\u200b\u2060\ufeff]+|[\s\0\u200b\u2060\ufeff]+$/g;

/** A text without what is around it: blanks, quotes, and `="…"`, which keeps a spreadsheet from taking an id for a number. */
export function unwrapped(text: string): string {
  const bare = text.replace(AROUND, "");
  const inside = /^="(.*)"$/s.exec(bare)?.[1] ?? /^"(.*)"$/s.exec(bare)?.[1] ?? /^'(.*)'$/s.exec(bare)?.[1];
  // An apostrophe in front alone keeps a spreadsheet from it as well.
  const id = inside === undefined ? bare.replace(/^'(?=[=+\-@\d])/, "") : inside.replace(AROUND, "");
  // Some programs write é as one character, others as e and its accent.
  return ASCII.test(id) ? id : id.normalize("NFC");
}

/** What was seen of customer ids as they were read. */
export interface IdNotes {
  /** E-mail addresses that came in more than one spelling, which differ in large and small letters. */
  readonly addressesInTwoCases: number;
}

/** The same in sentences. */
export function idsText({ addressesInTwoCases: count }: IdNotes): string[] {
  if (count === 0) return [];
  const addresses = formatPlural(count, "e-mail address is", "e-mail addresses are");
  return [
    `${addresses} written in large and in small letters, and ${pluralForm(count, "is", "each is")} one customer.`,
  ];
}

/** A spreadsheet may have an address as a link. */
const LINK = /^mailto:/i;
const ADDRESS = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

export interface CustomerIdReader {
  /** The id; null for nobody. An id that {@link looksRounded} is given as it is. */
  read(text: string): string | null;
  notes(): IdNotes;
}

const withoutZeros = (id: string): string => id.replace(/^(\d+)\.0*$/, "$1");

/**
 * Reads customer ids as they are meant: nobody is null, `17850.0` is 17850, `="0012346"` is 0012346, zeros in front stay, and
 * e-mail addresses are in small letters, as mail does not tell them apart.
 *
 * @param readNumber an id that is a number, however its column writes it; others as they are
 */
export function customerIdReader(
  options: NobodyOptions = {},
  readNumber: (id: string) => string = withoutZeros,
): CustomerIdReader {
  const readBody = nobodyReader(options);
  /** By address, a number that its first spelling has, and whether there was another. */
  const spellings = new FingerprintTable();
  const others = new FingerprintTable();
  let addressesInTwoCases = 0;

  const readAddress = (text: string): string => {
    const address = text.replace(LINK, "").toLowerCase();
    const low = mixed(hashed(address, LOW_SEED, LOW_PRIME));
    const high = mixed(hashed(address, HIGH_SEED, HIGH_PRIME));
    const spelling = mixed(hashed(text, LOW_SEED, HIGH_PRIME)) >>> 0 || 1;
    const first = spellings.get(low, high);
    if (first === 0) spellings.add(low, high, spelling);
    else if (first !== spelling && others.add(low, high, 1) === 1) addressesInTwoCases++;
    return address;
  };

  return {
    read: (text) => {
      const id = readBody(text);
      if (id === null) return null;
      if (id.includes("@") && ADDRESS.test(id)) return readAddress(id);
      return readNumber(id);
    },
    notes: () => ({ addressesInTwoCases }),
  };
}

/** Whether a spreadsheet has written an id as a rounded number, `4.47701E+11`: several ids have become one. */
export const looksRounded = (id: string): boolean => /^\d+([.,]\d+)?E\+?\d+$/i.test(id) && !/^\d+E\d+$/i.test(id);

/**
 * For a run that stops before the first write, as ids that were rounded are lost.
 *
 * @param examples some of them
 * @param of what they are ids of
 */
export function roundedIdsError(examples: readonly string[], of: "customer" | "invoice" = "customer"): StepError {
  return new StepError({
    tried: `read the ${of} ids`,
    got: `some look rounded by a spreadsheet, such as ${examples.slice(0, 3).join(", ")}: different ${of}s have the same`,
    hint: "Export the file anew from where the ids are whole, with that column as text.",
  });
}
