/*
 * Which keys, as they go on behind `<prefix>/`, jobs and their runs write. A `prefix` may have slashes: what else lies in the same folders is
 * of a notebook whose own prefix leads there, such as `<prefix>/jobs`.
 */

/** Characters of a hash that tell the versions of a file apart. */
export const HASH_LENGTH = 16;

const jobFile = new RegExp(`^jobs/[0-9a-f]{${HASH_LENGTH}}/[^/]+$`);

/** Whether it is a script, a module or a jar, as `storeFile` names them. */
export const isJobFile = (key: string): boolean => jobFile.test(key);

/** Whether a run has written it, in a folder that `computeFeatures` names for a table and a moment. */
export const isFeature = (key: string): boolean => /^features\/[^/]+\.[^/]+\/\d{4}(-\d\d){5}-\d{3}\/./.test(key);
