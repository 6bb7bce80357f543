/** A moment from 2020 to 2052, in seconds since 1970 or finer, at the end of a name; a number by itself may be a person's. */
const moment = /[-_.](1[6-9]|2[0-5])\d{8}(\d{3}|\d{6}|\d{9})?$/;
/** What has no more to its name: a moment in nanoseconds, an EC2 instance, a task of ECS. */
const nobody = /^((1[6-9]|2[0-5])\d{17}|i-[\da-f]{8}|i-[\da-f]{17}|[\da-f]{32})$/;

/**
 * What of the name of a role's session is the same in the next one: all but the moment that tools put at its end, and nothing of a
 * machine's. Any other number stays, as it may be all that tells one person from another.
 *
 * @example lastingName("botocore-session-1764350000") // "botocore-session"
 * @example lastingName("10012345") // "10012345"
 */
export const lastingName = (name: string): string => (nobody.test(name) ? "" : name.replace(moment, ""));
