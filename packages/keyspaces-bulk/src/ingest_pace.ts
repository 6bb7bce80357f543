export interface IngestProgress {
  lines: number;
  stored: number;
  rejected: number;
  retries: number;
  rowsPerSecond: number;
  /** Share of the file that is stored or rejected, 0 to 1. */
  fraction: number;
  /** At the pace so far; null as long as there is none. */
  remainingSeconds: number | null;
}

/** Watches how far an ingest is, and how fast. */
export interface IngestPace {
  /** So many bytes of the file went to the parser. */
  take(bytes: number): void;
  /** They are parsed up to this line. */
  parsed(line: number): void;
  /** The first batch is on its way: skipping what an earlier run has settled says nothing about speed. */
  start(): void;
  read(): Pick<IngestProgress, "fraction" | "rowsPerSecond" | "remainingSeconds">;
}

/**
 * @param bytes of the file
 * @param books the line up to which the file is settled, and how many lines are stored
 * @param now milliseconds
 */
export function ingestPace(
  bytes: number,
  books: { settledLine(): number; stored(): number },
  now: () => number = () => performance.now(),
): IngestPace {
  let taken = 0;
  let reached = { line: 0, bytes: 0 };
  let fraction = 0;
  let departure: { time: number; fraction: number; stored: number } | undefined;

  /** Lines are not all equally long: an estimate, which never goes back. */
  const settledShare = (): number => {
    const ofParsed = reached.line === 0 ? 0 : Math.min(1, books.settledLine() / reached.line);
    fraction = Math.max(fraction, (ofParsed * reached.bytes) / bytes);
    return fraction;
  };
  return {
    take(more) {
      taken += more;
    },
    parsed(line) {
      reached = { line: Math.max(line, reached.line), bytes: taken };
    },
    start() {
      departure ??= { time: now(), fraction: settledShare(), stored: books.stored() };
    },
    read() {
      const share = settledShare();
      if (departure === undefined) return { fraction: share, rowsPerSecond: 0, remainingSeconds: null };
      const seconds = Math.max(0.001, (now() - departure.time) / 1000);
      const covered = share - departure.fraction;
      return {
        fraction: share,
        rowsPerSecond: Math.round((books.stored() - departure.stored) / seconds),
        remainingSeconds: covered > 0 ? (seconds * (1 - share)) / covered : null,
      };
    },
  };
}
