/**
 * A token bucket that can be overdrawn: it fills at `rate` units a second up to `size`, lets in whoever comes while it is
 * not empty, and makes the next ones wait until what that one took is paid back. So requests larger than the bucket get
 * through too, and what a read costs can be taken once it is known. Times are in ms of any clock.
 */
export interface TokenBucket {
  rate: number;
  size: number;
  level: number;
  filledAt: number;
}

/** A full one; `rate` may be Infinity. */
export function createBucket(rate: number, burstSeconds: number, now: number): TokenBucket {
  const size = rate * burstSeconds;
  return { rate, size, level: size, filledAt: now };
}

function fill(bucket: TokenBucket, now: number): void {
  const elapsed = now - bucket.filledAt;
  // A clock set back stops the filling, no more.
  if (elapsed <= 0) return;
  bucket.filledAt = now;
  bucket.level = Math.min(bucket.size, bucket.level + (elapsed * bucket.rate) / 1000);
}

/** Whether it lets in what comes now. */
export function isOpen(bucket: TokenBucket, now: number): boolean {
  fill(bucket, now);
  return bucket.level > 0;
}

export function spend(bucket: TokenBucket, units: number): void {
  bucket.level -= units;
}

/** Another rate from now on; what is in it stays, as far as it fits. */
export function changeRate(bucket: TokenBucket, rate: number, burstSeconds: number, now: number): void {
  fill(bucket, now);
  bucket.rate = rate;
  bucket.size = rate * burstSeconds;
  bucket.level = Math.min(bucket.level, bucket.size);
}

/** Many buckets of one rate, which take little room and no time to make. */
export interface BucketArray {
  isOpen(index: number, now: number): boolean;
  spend(index: number, units: number): void;
}

export function createBucketArray(count: number, rate: number, burstSeconds: number): BucketArray {
  const size = rate * burstSeconds;
  const levels = new Float64Array(count).fill(size);
  const filledAt = new Float64Array(count);
  return {
    isOpen: (index, now) => {
      const elapsed = now - filledAt[index]!;
      if (elapsed > 0) {
        filledAt[index] = now;
        levels[index] = Math.min(size, levels[index]! + (elapsed * rate) / 1000);
      }
      return levels[index]! > 0;
    },
    spend: (index, units) => {
      levels[index]! -= units;
    },
  };
}
