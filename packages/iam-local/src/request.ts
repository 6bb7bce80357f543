/** What is known of a request beside its action and resource: values by condition key, keys in lower case. */
export type RequestValues = ReadonlyMap<string, string | readonly string[]>;

/** One thing that a call wants to do; a call may want several. */
export interface AccessRequest {
  /** `s3:GetObject` */
  readonly action: string;
  /** An ARN, or `*` for what no ARN stands for. */
  readonly resource: string;
  readonly values: RequestValues;
}

/** @param values by condition key as it is written; those that are undefined are left out */
export function requestValues(
  values: Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>,
): Map<string, string | readonly string[]> {
  const known = new Map<string, string | readonly string[]>();
  for (const [key, value] of Object.entries(values)) {
    if (value === undefined) continue;
    known.set(key.toLowerCase(), typeof value === "number" || typeof value === "boolean" ? String(value) : value);
  }
  return known;
}
