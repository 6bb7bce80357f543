import { describe, expect, test } from "@jest/globals";
import {
  checkAgainst,
  refuseBeyond,
  sentenceOf,
} from "@keyspaces-segmentation/local-support/dist/aws/service_model/check.js";
import type { ServiceModel } from "@keyspaces-segmentation/local-support/dist/aws/service_model/load.js";

const model: ServiceModel = {
  operations: { Put: { input: { shape: "Request" } }, Ping: {} },
  shapes: {
    Request: {
      type: "structure",
      required: ["Name"],
      members: {
        Name: { shape: "Name" },
        Size: { shape: "Size" },
        Names: { shape: "Names" },
        Parts: { shape: "Parts" },
        Map: { shape: "Map" },
        Choice: { shape: "Choice" },
        Flag: { shape: "Flag" },
        Time: { shape: "Time" },
        Share: { shape: "Share" },
      },
    },
    Name: { type: "string", min: 2, max: 4, pattern: "[a-z]+" },
    Size: { type: "integer", min: 1, max: 9 },
    Names: { type: "list", member: { shape: "Name" }, max: 2 },
    Part: { type: "structure", required: ["Kind"], members: { Kind: { shape: "Kind" } } },
    Parts: { type: "list", member: { shape: "Part" } },
    Kind: { type: "string", enum: ["A", "B"] },
    Map: { type: "map", key: { shape: "Name" }, value: { shape: "Name" }, max: 2 },
    Choice: { type: "structure", union: true, members: { A: { shape: "Name" }, B: { shape: "Size" } } },
    Flag: { type: "boolean" },
    Time: { type: "timestamp" },
    Share: { type: "double", min: 0, max: 1 },
  },
};
const violations = (request: object) => checkAgainst(model, "Put", request).violations;
const nameRules =
  "[Member must have length less than or equal to 4, Member must have length greater than or equal to 2, " +
  "Member must satisfy regular expression pattern: [a-z]+]";

test("a request that keeps every rule passes, without what the model does not know", () => {
  const request = {
    Name: "abc",
    Size: 3,
    Names: ["ab"],
    Parts: [{ Kind: "A" }],
    Map: { ab: "cd" },
    Choice: { B: 1 },
    Flag: false,
    Time: 1.5,
    Share: 0.5,
  };
  expect(checkAgainst(model, "Put", request)).toEqual({ request, violations: [] });
  const more = { ...request, Unknown: 1, Parts: [{ Kind: "A", Unknown: 2 }], Size: null };
  const { Size: _, ...rest } = request;
  expect(checkAgainst(model, "Put", more)).toEqual({ request: rest, violations: [] });
});

test.each<[what: string, more: object, violation: string]>([
  ["null", { Name: null }, "Value null at 'name' failed to satisfy constraint: Member must not be null"],
  [
    "a name too short",
    { Name: "a" },
    "Value 'a' at 'name' failed to satisfy constraint: Member must have length greater than or equal to 2",
  ],
  [
    "a number too large",
    { Size: 10 },
    "Value '10' at 'size' failed to satisfy constraint: Member must have value less than or equal to 9",
  ],
  [
    "a share below its range",
    { Share: -0.5 },
    "Value '-0.5' at 'share' failed to satisfy constraint: Member must have value greater than or equal to 0",
  ],
  [
    "a list too long",
    { Names: ["ab", "ab", "ab"] },
    "Value '[ab, ab, ab]' at 'names' failed to satisfy constraint: Member must have length less than or equal to 2",
  ],
  [
    "an element of a list",
    { Names: ["ab", "A"] },
    `Value '[ab, A]' at 'names' failed to satisfy constraint: Member must satisfy constraint: ${nameRules}`,
  ],
  [
    "a member deep down",
    { Parts: [{ Kind: "A" }, { Kind: "C" }] },
    "Value 'C' at 'parts.2.member.kind' failed to satisfy constraint: Member must satisfy enum value set: [A, B]",
  ],
  [
    "a member deep down that is missing",
    { Parts: [{}] },
    "Value null at 'parts.1.member.kind' failed to satisfy constraint: Member must not be null",
  ],
  [
    "a value of a map",
    { Map: { ab: "cd", ef: "12" } },
    `Value '{ab=cd, ef=12}' at 'map' failed to satisfy constraint: Map value must satisfy constraint: ${nameRules}`,
  ],
  [
    "a key of a map",
    { Map: { A: "cd" } },
    `Value '{A=cd}' at 'map' failed to satisfy constraint: Map keys must satisfy constraint: ${nameRules}`,
  ],
])("%s is a violation", (_what, more, violation) => {
  expect(violations({ Name: "abc", ...more })).toEqual([violation]);
});

test("a union has exactly one member", () => {
  expect(violations({ Name: "abc", Choice: {} })).toHaveLength(1);
  expect(violations({ Name: "abc", Choice: { A: "ab", B: 1 } })).toHaveLength(1);
});

test("all violations are told, in one sentence", () => {
  const found = violations({ Name: "TOO_LONG" });
  expect(sentenceOf(found)).toBe(
    "2 validation errors detected: Value 'TOO_LONG' at 'name' failed to satisfy constraint: Member must have length " +
      "less than or equal to 4; Value 'TOO_LONG' at 'name' failed to satisfy constraint: Member must satisfy regular " +
      "expression pattern: [a-z]+",
  );
  expect(sentenceOf(found.slice(1))).toMatch(/^1 validation error detected: /);
});

describe("a value of another type is not read at all", () => {
  test.each<[more: object, message: string]>([
    [{ Name: 1 }, "NUMBER_VALUE can not be converted to a String"],
    [{ Name: true }, "TRUE_VALUE can not be converted to a String"],
    [{ Size: "1" }, "STRING_VALUE can not be converted to an Integer"],
    [{ Size: 1.5 }, "NUMBER_VALUE can not be converted to an Integer"],
    [{ Flag: "true" }, "STRING_VALUE can not be converted to a Boolean"],
    [{ Time: "2020-01-01" }, "STRING_VALUE can not be converted to milliseconds since epoch"],
    [{ Map: { ab: 1 } }, "NUMBER_VALUE can not be converted to a String"],
    [{ Names: { ab: 1 } }, "Start of structure or map found where not expected."],
    [{ Parts: [[]] }, "Start of list found where not expected"],
  ])("%j", (more, message) => {
    expect(() => violations({ Name: "abc", ...more })).toThrow(
      expect.objectContaining({ fault: "SerializationException", message }),
    );
  });
});

test("what is not emulated is refused by its path; what asks for nothing is not", () => {
  const emulated = ["Name", "Parts.Kind", "Map"];
  const fine = { Name: "a", Parts: [{ Kind: "A", Other: false }], Map: { any: "thing" }, Names: [], Flag: false };
  expect(() => refuseBeyond(emulated, fine)).not.toThrow();
  const refused = { fault: "notEmulated", message: "Member 'Parts.Other' is not emulated." };
  expect(() => refuseBeyond(emulated, { Parts: [{ Kind: "A" }, { Other: 0 }] })).toThrow(
    expect.objectContaining(refused),
  );
});
