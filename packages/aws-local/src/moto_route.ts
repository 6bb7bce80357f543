import { AwsError } from "@keyspaces-segmentation/local-support";

/**
 * Which requests moto may get. It chooses by path before it looks at the signature, and has doors of its own there: one through which all
 * that is stored can be read or wiped out, one that stands for the metadata of an EC2 instance, one to S3 Control.
 */

/** Paths that moto does not answer as S3, as it compares them: once decoded. A bucket of such a name cannot be had here. */
const otherDoors = ["moto-api", "favicon.ico", "latest/meta-data", "latest/api", "v20180820"];

/** Bytes that are escaped as the characters they are; what is no escape stays. */
const unescapeOnce = (path: string): string =>
  path.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));

/** The ways in which a path can be meant: as it stands, and however often it is decoded on the way. */
function readings(path: string): string[] {
  const found = [path];
  for (let next = unescapeOnce(path); next !== found.at(-1); next = unescapeOnce(next)) found.push(next);
  return found;
}

/** Without repeated slashes and dot segments, in lower case, without the slash that it begins with. */
function plain(path: string): string {
  const segments: string[] = [];
  for (const segment of path.toLowerCase().split(/[/\\]/)) {
    if (segment === "..") segments.pop();
    else if (segment !== "" && segment !== ".") segments.push(segment);
  }
  return segments.join("/");
}

/**
 * Checks that a path, still encoded, leads moto to S3 and nowhere else.
 *
 * @throws AwsError
 */
export function checkS3Path(path: string): void {
  // `//name/` and `http://name/` name a host: moto takes it for the path, or for the service.
  if (!/^\/(?!\/)/.test(path))
    throw new AwsError("denied", `Access Denied: '${path}' is not the path of a bucket or object.`);
  const door = readings(path)
    .map(plain)
    .flatMap((reading) => otherDoors.filter((door) => reading.startsWith(door)))[0];
  if (door !== undefined) throw new AwsError("denied", `Access Denied: /${door} is not S3's, and not for clients.`);
}

/**
 * Checks that moto will answer a request as the service that it was signed for.
 *
 * @param service one of those that moto answers
 * @param target path and query, as they came
 * @param hosts the Host headers
 * @throws AwsError
 */
export function checkRoute(service: string, target: string, hosts: readonly string[]): void {
  const path = target.replace(/[?#].*$/s, "");
  if (service !== "s3") {
    // All of their operations are named in the body or in a header.
    if (path !== "/") throw new AwsError("denied", `'${path}' is not a path of ${service}; its requests go to '/'.`);
    return;
  }
  checkS3Path(path);
  if (hosts.some((host) => /s3-control/i.test(host))) throw new AwsError("notEmulated", "S3 Control is not emulated.");
}
