/** Customers that share a partition of `customers_of_cluster`, on average: at 1,000 writes a second, ten seconds' worth. */
const customersPerBucket = 10_000;

/** How many partitions a cluster of so many customers is spread over; at least one. */
export function bucketsFor(customers: number): number {
  return Math.max(1, Math.ceil(customers / customersPerBucket));
}

/**
 * The bucket that a customer is in, the same on every machine and in every run: the FNV-1a hash of the id's UTF-8 bytes (32 bits,
 * unsigned), modulo the number of buckets.
 *
 * @see https://datatracker.ietf.org/doc/html/draft-eastlake-fnv
 */
export function bucketOf(customerId: string, buckets: number): number {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(customerId)) hash = Math.imul(hash ^ byte, 0x01000193);
  return (hash >>> 0) % buckets;
}
