/**
 * Works through a stream of items, at most `limit` at a time. After a failure no further item is begun, and what is under way is
 * waited for, so that nothing goes on behind the reader's back.
 *
 * @throws the first failure, of the work or of the stream
 */
export async function forEachConcurrently<T>(
  items: AsyncIterable<T> | Iterable<T>,
  limit: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const failures: unknown[] = [];
  const source = iterate(items);
  const worker = async (): Promise<void> => {
    while (failures.length === 0) {
      try {
        const next = await source.next();
        if (next.done) return;
        await work(next.value);
      } catch (error) {
        failures.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: limit }, worker));
  if (failures.length > 0) {
    await source.return(undefined);
    throw failures[0];
  }
}

/** An async generator answers simultaneous calls of `next` one after the other; other iterators need not. */
async function* iterate<T>(items: AsyncIterable<T> | Iterable<T>): AsyncGenerator<T, void, void> {
  yield* items;
}
