/**
 * The most statements that an unlogged batch may hold in Keyspaces.
 *
 * @see https://docs.aws.amazon.com/keyspaces/latest/devguide/batch-statements.html
 */
export const batchSize = 30;

/** Requests that are under way at a time when much is written. */
export const requestsAtOnce = 64;
