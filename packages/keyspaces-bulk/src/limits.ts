/**
 * The most statements that an unlogged batch may hold in Keyspaces.
 *
 * @see https://docs.aws.amazon.com/keyspaces/latest/devguide/batch-statements.html
 */
export const batchSize = 30;

/** The encoded values of a batch come to no more than this, in bytes: Apache Cassandra refuses batches of 50 KiB. */
export const batchBytes = 40_000;

/**
 * Requests that Keyspaces takes on one connection in a second.
 *
 * @see https://docs.aws.amazon.com/keyspaces/latest/devguide/quotas.html
 */
export const requestsPerConnection = 3000;
