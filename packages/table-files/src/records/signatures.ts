/** What files of other kinds begin with, so that they are called by their names. */
interface Signature {
  /** Bytes as Latin-1. */
  readonly begins: string;
  /** Where, if not at the start. */
  readonly at?: number;
  /** What the file looks like: "a PDF document". */
  readonly is: string;
  /** What to do about it. */
  readonly todo: string;
}

const EXPORT = "Export the invoices as CSV or .xlsx and give that file.";
const EXTRACT = "Extract it and give the CSV or .xlsx file that is in it.";
const CONVERT = "Write the table as CSV first, such as with pandas or DuckDB.";
const STATA = "a data set of Stata";
const PICTURE = "a picture";

const SIGNATURES: readonly Signature[] = [
  {
    begins: "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    is: "an old Excel workbook (.xls), or one with a password",
    todo: "Open it in a spreadsheet and save it as .xlsx without a password, or as CSV.",
  },
  { begins: "PK\x03\x04", is: "a zip archive and no workbook that can be read", todo: EXTRACT },
  { begins: "PK\x05\x06", is: "an empty zip archive", todo: EXPORT },
  { begins: "\x1f\x8b", is: "gzip within gzip", todo: "Decompress it once and give what comes out." },
  { begins: "BZh", is: "a bzip2 archive", todo: EXTRACT },
  { begins: "\xfd7zXZ\0", is: "an xz archive", todo: EXTRACT },
  { begins: "\x28\xb5\x2f\xfd", is: "a Zstandard archive", todo: EXTRACT },
  { begins: "\x04\x22\x4d\x18", is: "an LZ4 archive", todo: EXTRACT },
  { begins: "7z\xbc\xaf\x27\x1c", is: "a 7-Zip archive", todo: EXTRACT },
  { begins: "Rar!\x1a\x07", is: "a RAR archive", todo: EXTRACT },
  { begins: "ustar", at: 257, is: "a tar archive", todo: EXTRACT },
  { begins: "PAR1", is: "a Parquet file", todo: CONVERT },
  { begins: "PARE", is: "an encrypted Parquet file", todo: CONVERT },
  { begins: "ARROW1", is: "an Arrow file", todo: CONVERT },
  { begins: "FEA1", is: "a Feather file", todo: CONVERT },
  { begins: "ORC", is: "an ORC file", todo: CONVERT },
  { begins: "Obj\x01", is: "an Avro file", todo: CONVERT },
  { begins: "\x89HDF\r\n", is: "an HDF5 file", todo: CONVERT },
  { begins: "RDX", is: "a file of R", todo: CONVERT },
  { begins: "X\n\0\0\0", is: "a file of R", todo: CONVERT },
  { begins: "<stata_dta>", is: STATA, todo: CONVERT },
  { begins: "\x72\x01\x01\0", is: STATA, todo: CONVERT },
  { begins: "\x72\x02\x01\0", is: STATA, todo: CONVERT },
  { begins: "\x73\x01\x01\0", is: STATA, todo: CONVERT },
  { begins: "\x73\x02\x01\0", is: STATA, todo: CONVERT },
  { begins: "\xc2\xea\x81\x60\xb3\x14\x11\xcf", at: 12, is: "a data set of SAS", todo: CONVERT },
  { begins: "HEADER RECORD*******", is: "a transport file of SAS", todo: CONVERT },
  { begins: "\x93NUMPY", is: "an array of NumPy", todo: CONVERT },
  { begins: "$FL", is: "an SPSS file", todo: CONVERT },
  { begins: "\x80\x04\x95", is: "a Python pickle", todo: CONVERT },
  { begins: "\x80\x05\x95", is: "a Python pickle", todo: CONVERT },
  { begins: "SQLite format 3\0", is: "an SQLite database", todo: EXPORT },
  { begins: "\0\x01\0\0Standard ", is: "an Access database", todo: EXPORT },
  { begins: "PGDMP", is: "a PostgreSQL dump", todo: EXPORT },
  { begins: "%PDF", is: "a PDF document", todo: EXPORT },
  { begins: "%!PS", is: "a PostScript document", todo: EXPORT },
  { begins: "{\\rtf", is: "a Rich Text document", todo: EXPORT },
  { begins: "\x89PNG", is: PICTURE, todo: EXPORT },
  { begins: "\xff\xd8\xff", is: PICTURE, todo: EXPORT },
  { begins: "GIF8", is: PICTURE, todo: EXPORT },
  { begins: "II*\0", is: PICTURE, todo: EXPORT },
  { begins: "MM\0*", is: PICTURE, todo: EXPORT },
  { begins: "WEBP", at: 8, is: PICTURE, todo: EXPORT },
  { begins: "ftyp", at: 4, is: "a film or a picture", todo: EXPORT },
  { begins: "bplist00", is: "a property list of macOS", todo: EXPORT },
  { begins: "\0\x05\x16\x07", is: "the file that macOS puts beside another (its name begins with ._)", todo: EXPORT },
  { begins: "\x7fELF", is: "a program", todo: EXPORT },
];

/** What a file looks like by its first bytes; undefined where they say nothing. */
export function signatureOf(head: Uint8Array): { readonly is: string; readonly todo: string } | undefined {
  const start = Buffer.from(head.subarray(0, 300)).toString("latin1");
  return SIGNATURES.find(({ begins, at = 0 }) => start.startsWith(begins, at));
}
