import { expect, test } from "@jest/globals";
import { dayAfter, dayOf } from "@keyspaces-segmentation/invoices/dist/days.js";

test("the day of a moment is that in UTC, whatever the time zone of the machine", () => {
  expect(dayOf(new Date("2009-12-06T23:59:59.999Z"))).toBe("2009-12-06");
});

test("the day after the last of a year, and of February", () => {
  expect(dayAfter("2011-12-31")).toEqual(new Date("2012-01-01T00:00:00Z"));
  expect(dayAfter("2012-02-28")).toEqual(new Date("2012-02-29T00:00:00Z"));
});
