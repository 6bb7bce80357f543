import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { generateRetailCsv } from "./generate.js";
import { type DataSize, sizedCsv } from "./sized.js";

/** The object that the stand-in's S3 holds as the notebook's retail data. */
export interface DataObject {
  bucket: string;
  key: string;
  body: Uint8Array;
  /** S3 user metadata: `origin` tells whoever looks at the result where the data comes from. */
  metadata: Record<string, string>;
}

/** One data set for everybody: what a newcomer reads about it is what they see. */
const SEED = 1;

/** The user's file, or else a generated data set that says so in its address, of a size of its own or the one wanted. */
export function chooseData(file: string | null, size?: DataSize): DataObject {
  if (file !== null) {
    return { bucket: "local-data", key: basename(file), body: readFileSync(file), metadata: { origin: "file" } };
  }
  return {
    bucket: "generated-sample-data",
    key: "online_retail_generated.csv",
    body: size ? joined(sizedCsv(size, SEED)) : Buffer.from(generateRetailCsv({ seed: SEED })),
    metadata: { origin: "generated" },
  };
}

/** Text in one piece: as bytes, because the longest string that there can be is not enough for everybody. */
function joined(pieces: Iterable<string>): Uint8Array {
  return Buffer.concat(Array.from(pieces, (piece) => Buffer.from(piece)));
}
