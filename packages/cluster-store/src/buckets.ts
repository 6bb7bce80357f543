import { fnv1a } from "@keyspaces-segmentation/common";

/** Customers that share a partition of `customers_of_cluster`, on average: at 1,000 writes a second, ten seconds' worth. */
const customersPerBucket = 10_000;

/** How many partitions a cluster of so many customers is spread over; at least one. */
export function bucketsFor(customers: number): number {
  return Math.max(1, Math.ceil(customers / customersPerBucket));
}

/**
 * The bucket that a customer is in, the same on every machine and in every run: the FNV-1a hash of the id's UTF-8 bytes,
 * modulo the number of buckets.
 */
export function bucketOf(customerId: string, buckets: number): number {
  return fnv1a(Buffer.from(customerId)) % buckets;
}
