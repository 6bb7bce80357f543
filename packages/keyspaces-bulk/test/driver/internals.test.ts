import { expect, jest, test } from "@jest/globals";
import { StepError } from "@keyspaces-segmentation/common";
import { requireTested } from "@keyspaces-segmentation/keyspaces-bulk/dist/driver/internals.js";
import * as driver from "cassandra-driver";

const { dependencies } = require("@keyspaces-segmentation/keyspaces-bulk/package.json") as {
  dependencies: Record<string, string>;
};

test("the driver that is installed is the one that this part asks for, and has been tested with", () => {
  expect(driver.version).toBe(dependencies["cassandra-driver"]);
  expect(() => requireTested(String(driver.version))).not.toThrow();
});

test.each(["4.9.0", "4.10.1", "5.0.0"])("another one, %s, is refused in one line", (found) => {
  expect(() => requireTested(found)).toThrow(StepError);
  expect(() => requireTested(found)).toThrow(
    /^Could not use cassandra-driver [\d.]+: this builds on the inside of version 4\.10\.0\.$/,
  );
});

test("it is refused before anything of its inside is touched", () => {
  jest.isolateModules(() => {
    jest.doMock("cassandra-driver", () => ({ ...driver, version: "5.0.0" }));
    const inside = jest.fn(() => ({}));
    for (const name of ["requests", "streams", "connection"]) jest.doMock(`cassandra-driver/lib/${name}`, inside);
    expect(() => require("@keyspaces-segmentation/keyspaces-bulk")).toThrow("Could not use cassandra-driver 5.0.0");
    expect(inside).not.toHaveBeenCalled();
  });
});
