/** The attributes of the element that was opened last; valid until the next one. */
export interface XmlAttributes {
  /** Value of the attribute of this name, whatever prefix stands before the name; undefined where there is none. */
  get(name: string): string | undefined;
}

/** Who is told what an {@link XmlScanner} comes by. Names are given without their prefix: `x:row` is `row`. */
export interface XmlHandler {
  open(name: string, attributes: XmlAttributes): void;
  /** A piece of the text of an element; the text between two tags may come in several. */
  text(text: string): void;
  close(name: string): void;
}

/** Longest tag, comment or piece of text. A cell of Excel has 32,767 characters at most. */
const LONGEST_TOKEN = 4 * 2 ** 20;
/** Most elements within one another; a workbook has about ten. */
const DEEPEST = 256;

const [TAB, LINE_FEED, RETURN, SPACE] = [9, 10, 13, 32];
const [DOUBLE_QUOTE, APOSTROPHE, SLASH, COLON, EQUALS, GREATER] = [34, 39, 47, 58, 61, 62];
const [EXCLAMATION, QUESTION, LESS] = [33, 63, 60];

/**
 * The elements and texts of an XML document that arrives in pieces of any length, for documents such as a workbook's that run to hundreds of megabytes.
 * It has neither entities of its own nor a document type: these are refused, which keeps out what expands.
 * It knows no namespaces and takes no notice of comments and instructions.
 */
export class XmlScanner implements XmlAttributes {
  readonly #handler: XmlHandler;
  /** What is left of the pieces so far: the beginning of a tag, or nothing. */
  #rest = "";
  readonly #open: string[] = [];
  #source = "";
  /** Whether the source may have references or carriage returns in it. */
  #isPlain = true;
  /** Of each attribute: where its name begins, after the prefix, and ends, where its value begins and ends. */
  readonly #places: number[] = [];
  #attributes = 0;

  constructor(handler: XmlHandler) {
    this.#handler = handler;
  }

  /** @throws XmlError what is wrong with the document */
  write(piece: string): void {
    const source = this.#rest === "" ? piece : this.#rest + piece;
    this.#source = source;
    this.#isPlain = !source.includes("&") && !source.includes("\r");
    let at = 0;
    while (at < source.length) {
      const next = this.#token(source, at);
      if (next < 0) break;
      at = next;
    }
    this.#rest = at === 0 ? source : source.slice(at);
    if (this.#rest.length > LONGEST_TOKEN) throw new XmlError("it has a tag, a comment or a text that does not end");
  }

  /** @throws XmlError where the document is not complete */
  end(): void {
    if (/\S/.test(this.#rest)) throw new XmlError("it ends within a tag");
    const unclosed = this.#open.at(-1);
    if (unclosed !== undefined) throw new XmlError(`it ends within <${unclosed}>`);
  }

  get(name: string): string | undefined {
    const source = this.#source;
    const places = this.#places;
    for (let i = 0; i < this.#attributes; i += 4) {
      const from = places[i] as number;
      if ((places[i + 1] as number) - from === name.length && isAt(source, from, name)) {
        const value = source.slice(places[i + 2], places[i + 3]);
        return this.#isPlain ? value : withoutReferences(value);
      }
    }
    return undefined;
  }

  /** Reads what begins there. @returns where the next token begins; −1 where this one is not complete */
  #token(source: string, at: number): number {
    if (source.charCodeAt(at) !== LESS) {
      const end = placeOf(LESS, source, at + 1);
      // A reference such as &amp; may lie across two pieces.
      if (end < 0) return -1;
      if (this.#open.length > 0) {
        const text = source.slice(at, end);
        this.#handler.text(this.#isPlain ? text : withoutReferences(text));
      }
      return end;
    }
    const second = source.charCodeAt(at + 1);
    if (second === SLASH) return this.#endTag(source, at);
    if (second === EXCLAMATION) return this.#declaration(source, at);
    if (second === QUESTION) return after(source, "?>", at + 2);
    return this.#startTag(source, at);
  }

  #startTag(source: string, at: number): number {
    let i = at + 1;
    let nameFrom = i;
    let code = source.charCodeAt(i);
    for (; !isSpace(code) && code !== GREATER && code !== SLASH; code = source.charCodeAt(++i)) {
      if (code === COLON) nameFrom = i + 1;
      if (i >= source.length) return -1;
    }
    const name = source.slice(nameFrom, i);
    if (name === "") throw new XmlError("it has a tag without a name");
    const places = this.#places;
    let count = 0;
    for (; code !== GREATER; code = source.charCodeAt(++i)) {
      if (i >= source.length) return -1;
      if (code === EQUALS) {
        let nameEnd = i;
        while (isSpace(source.charCodeAt(nameEnd - 1))) nameEnd--;
        let from = nameEnd;
        while (!endsName(source.charCodeAt(from - 1))) from--;
        do code = source.charCodeAt(++i);
        while (isSpace(code));
        if (i >= source.length) return -1;
        if (code !== DOUBLE_QUOTE && code !== APOSTROPHE) throw new XmlError("it has an attribute without quotes");
        const end = placeOf(code, source, i + 1);
        if (end < 0) return -1;
        places[count++] = from;
        places[count++] = nameEnd;
        places[count++] = i + 1;
        places[count++] = end;
        i = end;
      }
    }
    this.#attributes = count;
    const isEmpty = source.charCodeAt(i - 1) === SLASH;
    this.#handler.open(name, this);
    if (isEmpty) this.#handler.close(name);
    else if (this.#open.push(name) > DEEPEST)
      throw new XmlError(`it has more than ${DEEPEST} elements within one another`);
    return i + 1;
  }

  #endTag(source: string, at: number): number {
    const opened = this.#open.at(-1);
    // Nearly all are as short as can be.
    if (opened !== undefined && source.charCodeAt(at + 2 + opened.length) === GREATER && isAt(source, at + 2, opened)) {
      this.#open.pop();
      this.#handler.close(opened);
      return at + opened.length + 3;
    }
    const end = source.indexOf(">", at + 2);
    if (end < 0) return -1;
    const expected = this.#open.pop() ?? "";
    let to = end;
    while (isSpace(source.charCodeAt(to - 1))) to--;
    const from = to - expected.length;
    const before = source.charCodeAt(from - 1);
    if (
      expected === "" ||
      !source.startsWith(expected, from) ||
      from < at + 2 ||
      (before !== SLASH && before !== COLON)
    ) {
      throw new XmlError(`it has ${source.slice(at, Math.min(end + 1, at + 40))} where <${expected}> is open`);
    }
    this.#handler.close(expected);
    return end + 1;
  }

  #declaration(source: string, at: number): number {
    if (source.startsWith("<!--", at)) return after(source, "-->", at + 4);
    if (source.startsWith("<![CDATA[", at)) {
      const end = source.indexOf("]]>", at + 9);
      if (end < 0) return -1;
      this.#handler.text(source.slice(at + 9, end));
      return end + 3;
    }
    if (source.length - at < 9) return -1;
    throw new XmlError("it has a document type or entities of its own, which no program for spreadsheets writes");
  }
}

/** What is wrong with a document, as a sentence about it: "it ends within <row>". */
export class XmlError extends Error {}

function after(source: string, end: string, from: number): number {
  const at = source.indexOf(end, from);
  return at < 0 ? -1 : at + end.length;
}

/** Most texts of a cell are shorter. */
const SHORT = 64;

/** Where a character comes next, or −1: near by a loop, which a call into native code takes longer than. */
function placeOf(code: number, source: string, from: number): number {
  const near = Math.min(source.length, from + SHORT);
  for (let at = from; at < near; at++) if (source.charCodeAt(at) === code) return at;
  return near === source.length ? -1 : source.indexOf(String.fromCharCode(code), near);
}

/** Whether a word stands there; of a few characters a loop tells sooner than a call into native code. */
function isAt(source: string, at: number, word: string): boolean {
  for (let i = 0; i < word.length; i++) if (source.charCodeAt(at + i) !== word.charCodeAt(i)) return false;
  return true;
}

function isSpace(code: number): boolean {
  return code === SPACE || code === LINE_FEED || code === RETURN || code === TAB;
}

/** Whether the name of an attribute, without its prefix, begins behind it. */
function endsName(code: number): boolean {
  return isSpace(code) || code === COLON || code === DOUBLE_QUOTE || code === APOSTROPHE || Number.isNaN(code);
}

const PREDEFINED = new Map([
  ["lt", "<"],
  ["gt", ">"],
  ["amp", "&"],
  ["quot", '"'],
  ["apos", "'"],
]);

/** The text with `&amp;`, `&#38;` and the like as the characters that they stand for, and its line ends as line feeds. */
function withoutReferences(text: string): string {
  const oneLineEnd = text.includes("\r") ? text.replace(/\r\n?/g, "\n") : text;
  if (!oneLineEnd.includes("&")) return oneLineEnd;
  return oneLineEnd.replace(/&([^;&]{0,20};)?/g, (_all, reference: string | undefined) => {
    const name = reference?.slice(0, -1) ?? "";
    const predefined = PREDEFINED.get(name);
    if (predefined !== undefined) return predefined;
    const number = /^#(?:x([0-9a-fA-F]+)|([0-9]+))$/.exec(name);
    const point = number
      ? Number.parseInt(number[1] ?? number[2] ?? "", number[1] === undefined ? 10 : 16)
      : Number.NaN;
    if (!(point <= 0x10ffff)) throw new XmlError(`it has the reference &${reference ?? ""}, which XML does not know`);
    return String.fromCodePoint(point);
  });
}
