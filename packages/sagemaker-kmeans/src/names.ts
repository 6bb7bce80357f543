import { ArgumentError } from "@keyspaces-segmentation/common";

/**
 * A name like those that the SageMaker Python SDK gives its jobs, models and endpoints: `<base>-YYYY-MM-DD-HH-MM-SS-mmm` (UTC),
 * unique to the millisecond and at most 63 characters, for which the base is cut.
 *
 * @throws ArgumentError for characters that SageMaker refuses
 */
export function uniqueName(baseName: string, now: Date): string {
  if (!/^[a-zA-Z0-9](-*[a-zA-Z0-9])*$/.test(baseName)) {
    throw new ArgumentError("baseName", "letters, digits and hyphens, none of those at its ends", baseName);
  }
  const stamp = now.toISOString().slice(0, 23).replace(/[T:.]/g, "-");
  return `${baseName.slice(0, 62 - stamp.length).replace(/-+$/, "")}-${stamp}`;
}
