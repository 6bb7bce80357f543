/**
 * Names that are made up anew for each session: those with a moment from 2020 to 2052 at their end, in seconds since 1970 or finer, and
 * those of machines, an EC2 instance or a task of ECS. A number of seconds by itself may be a person's.
 */
const passing =
  /[-_.](1[6-9]|2[0-5])\d{8}(\d{3}|\d{6}|\d{9})?$|^((1[6-9]|2[0-5])\d{17}|i-[\da-f]{8}|i-[\da-f]{17}|[\da-f]{32})$/;

/**
 * The name of a role's session where it is the same in the next one, else nothing. Any other number stays, as it may be all that tells
 * one person from another.
 *
 * @example lastingName("botocore-session-1764350000") // ""
 * @example lastingName("10012345") // "10012345"
 */
export const lastingName = (name: string): string => (passing.test(name) ? "" : name);
