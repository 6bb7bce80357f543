import type { OwnVersion } from "@keyspaces-segmentation/aws-session";
import { formatPlural } from "@keyspaces-segmentation/common";

/** "12 objects (15 versions), 1 unfinished upload" */
export function countText(
  versions: readonly Pick<OwnVersion, "key" | "isMarker">[],
  uploads: readonly unknown[],
): string {
  const real = versions.filter(({ isMarker }) => !isMarker);
  const keys = new Set(real.map(({ key }) => key)).size;
  const kept = versions.length > keys ? ` (${formatPlural(versions.length, "version")})` : "";
  return [
    ...(versions.length > 0 || uploads.length === 0 ? [`${formatPlural(keys, "object")}${kept}`] : []),
    ...(uploads.length > 0 ? [formatPlural(uploads.length, "unfinished upload")] : []),
  ].join(", ");
}
