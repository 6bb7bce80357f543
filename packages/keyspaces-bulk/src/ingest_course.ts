/** How far an ingest was at a moment. */
export interface CoursePoint {
  /** Since its beginning. */
  readonly seconds: number;
  readonly stored: number;
  readonly rejected: number;
  readonly retries: number;
}

export interface IngestCourse {
  add(point: CoursePoint): void;
  points(): CoursePoint[];
}

/** Keeps the course of an ingest, however long it takes, in a few points: when there are too many, every second one goes. */
export function recordCourse(most = 200): IngestCourse {
  let points: CoursePoint[] = [];
  let stride = 1;
  let seen = 0;
  let last: CoursePoint | undefined;
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
