import { ArgumentError } from "@keyspaces-segmentation/common";

/**
 * The region that the environment names.
 *
 * @returns null where it names none
 * @throws ArgumentError for what is no name of a region
 */
export function regionIn(environment: NodeJS.ProcessEnv): string | null {
  const name = environment.AWS_REGION ? "AWS_REGION" : "AWS_DEFAULT_REGION";
  const region = environment[name];
  if (!region) return null;
  // In another spelling (say, upper case) every signature would be wrong, and the service says only that.
  if (!/^[a-z]+(-[a-z]+)+-\d+$/.test(region)) {
    throw new ArgumentError(name, 'the name of an AWS region, such as "us-east-1"', region);
  }
  return region;
}
