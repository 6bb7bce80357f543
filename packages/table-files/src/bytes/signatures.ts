/** What files of other kinds begin with, so that they are called by their names. */
interface Signature {
  /** Bytes as Latin-1. */
  readonly begins: string;
  /** Where, if not at the start. */
  readonly at?: number;
  /** What the file is: "a PDF". */
  readonly is: string;
  /** What to do about it. */
  readonly hint: string;
  /** Whether its first bytes tell it for certain; of others a few letters may begin a text as well, and `kindOfFile` looks into containers. */
  readonly isSure?: true;
}

const UNPACK = "Unpack it, and give the table that is in it.";
const AS_CSV = "Write it as CSV with the program it comes from, and give that file.";
const ITSELF = "Give the table itself as CSV or as a workbook.";

const EXPORT = "Export the invoices as CSV or .xlsx and give that file.";
const EXTRACT = "Extract it and give the CSV or .xlsx file that is in it.";
const CONVERT = "Write the table as CSV first, such as with pandas or DuckDB.";
const STATA = "a data set of Stata";
const PICTURE = "a picture";

const SIGNATURES: readonly Signature[] = [
  { begins: "%PDF-", is: "a PDF", hint: "Ask for the table as CSV or as a workbook.", isSure: true },
  { begins: "PAR1", is: "a Parquet file", hint: AS_CSV, isSure: true },
  { begins: "ARROW1", is: "an Arrow (Feather) file", hint: AS_CSV, isSure: true },
  {
    begins: "SQLite format 3\0",
    is: "an SQLite database",
    hint: "Export the table as CSV, and give that file.",
    isSure: true,
  },
  { begins: "\x28\xb5\x2f\xfd", is: "compressed with Zstandard", hint: UNPACK, isSure: true },
  { begins: "\xfd7zXZ\0", is: "compressed with xz", hint: UNPACK, isSure: true },
  { begins: "BZh", is: "compressed with bzip2", hint: UNPACK, isSure: true },
  { begins: "7z\xbc\xaf\x27\x1c", is: "a 7-Zip archive", hint: UNPACK, isSure: true },
  { begins: "Rar!\x1a\x07", is: "a RAR archive", hint: UNPACK, isSure: true },
  { begins: "\x89PNG", is: "a picture", hint: ITSELF, isSure: true },
  { begins: "\xff\xd8\xff", is: "a picture", hint: ITSELF, isSure: true },
  {
    begins: "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    is: "an old Excel workbook (.xls), or one with a password",
    hint: "Open it in a spreadsheet and save it as .xlsx without a password, or as CSV.",
  },
  { begins: "PK\x03\x04", is: "a zip archive and no workbook that can be read", hint: EXTRACT },
  { begins: "PK\x05\x06", is: "an empty zip archive", hint: EXPORT },
  { begins: "\x1f\x8b", is: "gzip within gzip", hint: "Decompress it once and give what comes out." },
  { begins: "\x04\x22\x4d\x18", is: "an LZ4 archive", hint: EXTRACT },
  { begins: "ustar", at: 257, is: "a tar archive", hint: EXTRACT },
  { begins: "PARE", is: "an encrypted Parquet file", hint: CONVERT },
  { begins: "FEA1", is: "a Feather file", hint: CONVERT },
  { begins: "ORC", is: "an ORC file", hint: CONVERT },
  { begins: "Obj\x01", is: "an Avro file", hint: CONVERT },
  { begins: "\x89HDF\r\n", is: "an HDF5 file", hint: CONVERT },
  { begins: "RDX", is: "a file of R", hint: CONVERT },
  { begins: "X\n\0\0\0", is: "a file of R", hint: CONVERT },
  { begins: "<stata_dta>", is: STATA, hint: CONVERT },
  { begins: "\x72\x01\x01\0", is: STATA, hint: CONVERT },
  { begins: "\x72\x02\x01\0", is: STATA, hint: CONVERT },
  { begins: "\x73\x01\x01\0", is: STATA, hint: CONVERT },
  { begins: "\x73\x02\x01\0", is: STATA, hint: CONVERT },
  { begins: "\xc2\xea\x81\x60\xb3\x14\x11\xcf", at: 12, is: "a data set of SAS", hint: CONVERT },
  { begins: "HEADER RECORD*******", is: "a transport file of SAS", hint: CONVERT },
  { begins: "\x93NUMPY", is: "an array of NumPy", hint: CONVERT },
  { begins: "$FL", is: "an SPSS file", hint: CONVERT },
  { begins: "\x80\x04\x95", is: "a Python pickle", hint: CONVERT },
  { begins: "\x80\x05\x95", is: "a Python pickle", hint: CONVERT },
  { begins: "\0\x01\0\0Standard ", is: "an Access database", hint: EXPORT },
  { begins: "PGDMP", is: "a PostgreSQL dump", hint: EXPORT },
  { begins: "%PDF", is: "a PDF document", hint: EXPORT },
  { begins: "%!PS", is: "a PostScript document", hint: EXPORT },
  { begins: "{\\rtf", is: "a Rich Text document", hint: EXPORT },
  { begins: "GIF8", is: PICTURE, hint: EXPORT },
  { begins: "II*\0", is: PICTURE, hint: EXPORT },
  { begins: "MM\0*", is: PICTURE, hint: EXPORT },
  { begins: "WEBP", at: 8, is: PICTURE, hint: EXPORT },
  { begins: "ftyp", at: 4, is: "a film or a picture", hint: EXPORT },
  { begins: "bplist00", is: "a property list of macOS", hint: EXPORT },
  { begins: "\0\x05\x16\x07", is: "the file that macOS puts beside another (its name begins with ._)", hint: EXPORT },
  { begins: "\x7fELF", is: "a program", hint: EXPORT },
];

/** Why a file is none of text that begins so, and what to do about it. */
export interface OtherKind {
  readonly got: string;
  readonly hint: string;
}

function signatureOf(head: Uint8Array): Signature | undefined {
  const start = Buffer.from(head.subarray(0, 300)).toString("latin1");
  return SIGNATURES.find(({ begins, at = 0 }) => start.startsWith(begins, at));
}

/** What a file surely is by its first bytes; undefined where they may be those of a table. */
export function otherKindOf(head: Uint8Array): OtherKind | undefined {
  const found = signatureOf(head);
  return found?.isSure && { got: `it is ${found.is}`, hint: found.hint };
}

/** What a file is or looks like by its first bytes; undefined where they say nothing. */
export function lookOfHead(head: Uint8Array): OtherKind | undefined {
  const found = signatureOf(head);
  return found && { got: `it ${found.isSure ? "is" : "looks like"} ${found.is}`, hint: found.hint };
}
