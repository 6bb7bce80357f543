import { expect, test } from "@jest/globals";
import { recordCourse } from "@keyspaces-segmentation/keyspaces-bulk/dist/ingest_course.js";

const at = (seconds: number) => ({ seconds, stored: 10 * seconds, rejected: 0, retries: 0 });

function courseOf(seconds: number, most: number) {
  const course = recordCourse(most);
  for (let i = 0; i < seconds; i++) course.add(at(i));
  return course.points();
}

test("a short course is kept as it is", () => {
  expect(courseOf(0, 4)).toEqual([]);
  expect(courseOf(1, 4)).toEqual([at(0)]);
  expect(courseOf(4, 4)).toEqual([0, 1, 2, 3].map(at));
});

test("a long one is thinned evenly, and begins and ends where it did", () => {
  for (const length of [5, 6, 7, 9, 100, 1000]) {
    const points = courseOf(length, 4);
    expect(points.length).toBeLessThanOrEqual(5);
    expect(points[0]).toEqual(at(0));
    expect(points.at(-1)).toEqual(at(length - 1));
    const steps = points.slice(1, -1).map(({ seconds }, i) => seconds - points[i]!.seconds);
    expect(new Set(steps).size).toBeLessThanOrEqual(1);
  }
});
