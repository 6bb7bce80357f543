/** How far an ingest is. */
export interface IngestProgress {
  lines: number;
  stored: number;
  rejected: number;
  retries: number;
  /** Of the retries, those after the service had asked for less. */
  throttled: number;
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
 * @param settled the line up to which the file is settled, and how many lines are stored
 * @param now milliseconds
 */
export function ingestPace(
  bytes: number,
  settled: { settledLine(): number; stored(): number },
  now: () => number = () => performance.now(),
): IngestPace {
  let taken = 0;
  let reached = { line: 0, bytes: 0 };
  let fraction = 0;
  let departure: { time: number; fraction: number; stored: number } | undefined;

  /** Lines are not all equally long: an estimate, which never goes back. */
  const settledShare = (): number => {
    const ofParsed = reached.line === 0 ? 0 : Math.min(1, settled.settledLine() / reached.line);
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
      departure ??= { time: now(), fraction: settledShare(), stored: settled.stored() };
    },
    read() {
      const share = settledShare();
      if (departure === undefined) return { fraction: share, rowsPerSecond: 0, remainingSeconds: null };
      const seconds = Math.max(0.001, (now() - departure.time) / 1000);
      const covered = share - departure.fraction;
      return {
        fraction: share,
        rowsPerSecond: Math.round((settled.stored() - departure.stored) / seconds),
        remainingSeconds: covered > 0 ? (seconds * (1 - share)) / covered : null,
      };
    },
  };
}

/** How far an ingest was at a moment. */
export interface HistoryPoint {
  /** Since its beginning. */
  readonly seconds: number;
  readonly stored: number;
  readonly rejected: number;
  readonly retries: number;
}

export interface IngestHistory {
  add(point: HistoryPoint): void;
  points(): HistoryPoint[];
}

/** Keeps how an ingest went over time, however long it takes, in a few points: when there are too many, every second one goes. */
export function recordHistory(most = 200): IngestHistory {
  let points: HistoryPoint[] = [];
  let stride = 1;
  let seen = 0;
  let last: HistoryPoint | undefined;
  return {
    add(point) {
      last = point;
      if (seen++ % stride !== 0) return;
      points.push(point);
      if (points.length <= most) return;
      points = points.filter((_, i) => i % 2 === 0);
      stride *= 2;
    },
    points: () => (last === undefined || last === points.at(-1) ? [...points] : [...points, last]),
  };
}

/** Runs something at most so often, and tells when it is called. */
export function every<T>(milliseconds: number, run: () => T): () => T | undefined {
  let last = performance.now();
  return () => {
    if (performance.now() - last < milliseconds) return undefined;
    last = performance.now();
    return run();
  };
}
