import type { OwnVersion } from "@keyspaces-segmentation/aws-session";

/**
 * The versions that go of those that there are: all that are to, and a marker, which only says that its object was deleted, where no
 * version of that object stays, which would come back without it.
 */
export function withMarkers(versions: readonly OwnVersion[], goes: (version: OwnVersion) => boolean): OwnVersion[] {
  const staying = new Set(versions.filter((each) => !each.isMarker && !goes(each)).map(({ key }) => key));
  return versions.filter((each) => (each.isMarker ? !staying.has(each.key) : goes(each)));
}
