import { describe, expect, test } from "@jest/globals";
import { parsePath, select } from "@keyspaces-segmentation/aws-local/dist/sagemaker/transform/json_path.js";

const row = ["id", "a", "b", "c"];
const object = { id: 7, features: [1, 2, 3], nested: { deep: [{ x: 1 }] } };

test.each<[path: string, value: unknown, found: unknown]>([
  ["$", row, row],
  ["$[0]", row, "id"],
  ["$[-1]", row, "c"],
  ["$[1:]", row, ["a", "b", "c"]],
  ["$[:-2]", row, ["id", "a"]],
  ["$[1:3]", row, ["a", "b"]],
  ["$[9:]", row, []],
  ["$[0,-2,-1]", row, ["id", "b", "c"]],
  ["$[ 0 , 1 ]", row, ["id", "a"]],
  ["$.features", object, [1, 2, 3]],
  ["$['features'][0]", object, 1],
  ["$.nested.deep[0].x", object, 1],
  ["$['id','features']", object, { id: 7, features: [1, 2, 3] }],
])("%s", (path, value, found) => expect(select(value, parsePath(path))).toEqual(found));

describe("leads nowhere", () => {
  test.each<[path: string, value: unknown]>([
    ["$[4]", row],
    ["$[0,-5]", row],
    ["$.missing", object],
    ["$.constructor", object],
    ["$[0]", object],
    ["$.id.x", object],
  ])("%s", (path, value) => expect(() => select(value, parsePath(path))).toThrow(RangeError));
});

test.each(["", "features", "$..features", "$[*]", "$[?(@.x)]", "$[1:2:3]", "$.", "$[a]"])("%j is no path", (path) => {
  expect(() => parsePath(path)).toThrow(RangeError);
});
