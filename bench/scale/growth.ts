/** What was measured at one size. */
export interface SizePoint {
  /** Lines, or customers. */
  readonly size: number;
  readonly seconds: number;
  /** Most resident memory; undefined on systems that do not tell. */
  readonly peakBytes: number | undefined;
  /** Of the processor, its own and the server's meanwhile; undefined there too. */
  readonly cpuSeconds: number | undefined;
  readonly serverCpuSeconds: number | undefined;
}

/** How time and memory grow with the size. */
export interface Growth {
  /** Of the power of the size that the time follows: 1 where twice the rows take twice as long. */
  readonly timeExponent: number;
  /** The longest time a row, by the shortest: of all that a size takes, its start and code that is not compiled yet included. */
  readonly timeSpread: number;
  /** What each further row takes between one size and the next, in seconds: the start of all sizes is the same and falls out. */
  readonly furtherRow: readonly number[];
  /** The longest of these behind the first, by the first; undefined where there are fewer than two. */
  readonly furtherRowGrowth: number | undefined;
  /** Of these, what the program and the server take of the processor; undefined where it is not known. */
  readonly furtherRowCpu: readonly number[] | undefined;
  readonly furtherRowServerCpu: readonly number[] | undefined;
  /** The same of memory, all of it, what the program takes without any row included; undefined where it is not known. */
  readonly memoryExponent: number | undefined;
  readonly memorySpread: number | undefined;
}

/**
 * The exponent of the power of `x` that `y` follows: the slope of the line through their logarithms, by least squares.
 *
 * @param points two or more, of different `x`, all above 0
 */
export function exponentOf(points: readonly { readonly x: number; readonly y: number }[]): number {
  const logs = points.map(({ x, y }) => [Math.log(x), Math.log(y)] as const);
  const mean = (at: 0 | 1) => logs.reduce((sum, pair) => sum + pair[at] / logs.length, 0);
  const [meanX, meanY] = [mean(0), mean(1)];
  const above = logs.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0);
  return above / logs.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
}

const spreadOf = (values: readonly number[]): number => Math.max(...values) / Math.min(...values);

/** Of seconds, by point: those a row from one point to the next. */
function furtherRowsOf(points: readonly SizePoint[], seconds: readonly number[]): number[] {
  return points.slice(1).map(({ size }, i) => (seconds[i + 1]! - seconds[i]!) / (size - points[i]!.size));
}

/** Infinity where the first took no time: the measurement of that size was disturbed. */
function growthOfFurther([first, ...others]: readonly number[]): number | undefined {
  if (first === undefined || others.length === 0) return undefined;
  return first > 0 ? Math.max(...others) / first : Number.POSITIVE_INFINITY;
}

/** @param points one a size, two sizes or more, the smallest first */
export function growthOf(points: readonly SizePoint[]): Growth {
  const peaks = points.flatMap(({ size, peakBytes }) => (peakBytes === undefined ? [] : [{ x: size, y: peakBytes }]));
  const isKnown = peaks.length === points.length;
  const furtherRowBy = (secondsOf: (point: SizePoint) => number | undefined): number[] | undefined => {
    const seconds = points.flatMap((point) => secondsOf(point) ?? []);
    return seconds.length === points.length ? furtherRowsOf(points, seconds) : undefined;
  };
  const furtherRow = furtherRowsOf(
    points,
    points.map(({ seconds }) => seconds),
  );
  return {
    timeExponent: exponentOf(points.map(({ size, seconds }) => ({ x: size, y: seconds }))),
    timeSpread: spreadOf(points.map(({ size, seconds }) => seconds / size)),
    furtherRow,
    furtherRowGrowth: growthOfFurther(furtherRow),
    furtherRowCpu: furtherRowBy(({ cpuSeconds }) => cpuSeconds),
    furtherRowServerCpu: furtherRowBy(({ serverCpuSeconds }) => serverCpuSeconds),
    memoryExponent: isKnown ? exponentOf(peaks) : undefined,
    memorySpread: isKnown ? spreadOf(peaks.map(({ y }) => y)) : undefined,
  };
}
