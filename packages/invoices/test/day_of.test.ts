import { expect, test } from "@jest/globals";
import { dayOf } from "@keyspaces-segmentation/invoices/dist/days.js";

test("the day of a moment is its day in UTC", () => {
  expect(dayOf(new Date("2009-12-06T23:59:59.999Z"))).toBe("2009-12-06");
});
