import { describe, expect, test } from "@jest/globals";
import { fromJavaRegex } from "@keyspaces-segmentation/local-support/dist/aws/service_model/java_regex.js";
import { loadServiceModel } from "@keyspaces-segmentation/local-support/dist/aws/service_model/load.js";

describe.each([
  ["sagemaker", "2017-07-24", 400],
  ["sagemaker-runtime", "2017-05-13", 15],
])("every pattern of %s", (service, version, least) => {
  const { shapes } = loadServiceModel(service, version);
  const patterns = Object.values(shapes).flatMap(({ pattern }) => pattern ?? []);

  test("compiles", () => {
    expect(patterns.length).toBeGreaterThan(least);
    for (const pattern of patterns) expect(fromJavaRegex(pattern)).toBeInstanceOf(RegExp);
  });
});

// The right-hand column is what java.util.regex.Pattern.matches of Java 17 answers.
test.each<[pattern: string, text: string, matches: boolean]>([
  ["[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}", "a-b", true],
  ["[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}", "a_b", false],
  ["[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}", "a-", false],
  ["([\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*)", "Müller 1=2@x", true],
  ["([\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*)", "a#b", false],
  // A quantifier of the anchor.
  ["([\\p{L}\\p{Z}\\p{N}_.:\\/=+\\-@]*)$" + "{1,128}", "abc", true],
  ["arn:[\\p{Alnum}\\-]+:lambda", "arn:aws-cn:lambda", true],
  ["arn:[\\p{Alnum}\\-]+:lambda", "arn:ä:lambda", false],
  ["\\A\\S[\\p{Print}]*\\z", "id 1", true],
  ["\\A\\S[\\p{Print}]*\\z", " id", false],
  ["\\p{ASCII}*", "plain", true],
  ["\\p{ASCII}*", "ü", false],
  ["[a-zA-Z0-9\\ \\_\\.]+", "a b_c.", true],
  ["[a-zA-Z0-9-_.]+", "a-_.", true],
  [".*", "a\nb", false],
  ["[\\S\\s]*", "a\nb", true],
  ["([a-zA-Z0-9]([a-zA-Z0-9-]){0,62})(?<!-)", "a-", false],
  ["a}b]", "a}b]", true],
])("%s on %j: %s", (pattern, text, matches) => {
  expect(fromJavaRegex(pattern).test(text)).toBe(matches);
});

test.each(["a++", "[a-z&&[aeiou]]", "\\p{javaMirrored}"])("%s, which JavaScript has no word for, throws", (pattern) => {
  expect(() => fromJavaRegex(pattern)).toThrow(SyntaxError);
});
