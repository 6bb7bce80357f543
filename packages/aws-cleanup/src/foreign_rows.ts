import type { OpenUpload } from "@keyspaces-segmentation/aws-session";
import { formatPlural } from "@keyspaces-segmentation/common";
import type { BucketPlace } from "./find_objects.js";
import { prefixThatWrites } from "./prefix_of_key.js";
import type { Row } from "./rows.js";

/** Uploads of runs, by their keys alone, which tell nothing of whose they are. */
export const unknownUploadRows = ({ bucket, prefix }: BucketPlace, uploads: readonly OpenUpload[]): Row[] =>
  uploads
    .filter(({ key }) => prefixThatWrites(prefix, key) !== undefined)
    .map(({ key, at, by = "somebody" }) => ({
      what: `unfinished upload of s3://${bucket}/${key}`,
      run: null,
      usdPerHour: null,
      cost: `storage; begun by ${by} on ${at.toISOString().slice(0, 10)}`,
      active: null,
      goes: false,
      failed: false,
      outcome:
        "stays: whose it is cannot be told, as nothing is beside it; aws s3api abort-multipart-upload gives it up",
    }));

/** Objects that no run has written. */
export function foreignRow({ bucket, prefix }: BucketPlace, foreign: readonly string[]): Row[] {
  const [first] = foreign;
  if (first === undefined) return [];
  const objects = formatPlural(foreign.length, "object");
  return [
    {
      what: `${objects} in s3://${bucket}/${prefix}/, ${first}${foreign.length > 1 ? " first" : ""}`,
      run: null,
      usdPerHour: null,
      cost: "",
      active: null,
      goes: false,
      failed: false,
      outcome: "stays: no run of this walkthrough made it",
    },
  ];
}
