import type { OwnVersion } from "@keyspaces-segmentation/aws-session";
import { formatPlural } from "@keyspaces-segmentation/common";

/** Whether it is what a reader of its key gets. */
export const isCurrent = ({ isLatest, isMarker }: OwnVersion): boolean => isLatest && !isMarker;

/**
 * The versions that go of those that there are: all that are to, and a marker, which only says that its object was deleted, where no
 * version of that object stays, which would come back without it.
 */
export function withMarkers(versions: readonly OwnVersion[], goes: (version: OwnVersion) => boolean): OwnVersion[] {
  const staying = new Set(versions.filter((each) => !each.isMarker && !goes(each)).map(({ key }) => key));
  return versions.filter((each) => (each.isMarker ? !staying.has(each.key) : goes(each)));
}

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
