import { describe, expect, test } from "@jest/globals";
import { DOORS, declarationProblems, importsOf, KERNEL, NEWEST } from "./support/declarations.js";

describe.each([KERNEL, NEWEST])("to $name", (reader) => {
  test("the declarations of every door, and all that they reach, are free of errors, and nothing in them is any", () => {
    expect(DOORS.length).toBeGreaterThan(10);
    expect(declarationProblems(reader, importsOf(DOORS))).toEqual([]);
  });

  test("what is any is named, be it so by its own word, by a slip or by a module without types", () => {
    const problems = declarationProblems(
      reader,
      `export declare const anything: any;
export declare function open(options: { atMost: any[] }): void;
export declare const nothing;
export { missing } from "cassandra-driver";
export declare const request: import("cassandra-driver/lib/requests").BatchRequest;
import type { Gone } from "./gone.js";
export declare const gone: Promise<Gone>;
export declare const fine: \`\${number} %\`;
`,
    );
    expect(problems).toEqual(
      expect.arrayContaining(
        [
          /^notebooks\/reader\.d\.ts: any is any, in: export declare const anything/,
          /any is any, in: export declare function open/,
          /nothing is any/,
          /no exported member '?"?missing/,
          /BatchRequest is any, in: export declare const request/,
          /Gone is any, in: export declare const gone/,
        ].map((pattern) => expect.stringMatching(pattern)),
      ),
    );
    expect(problems.join("\n")).not.toContain("fine");
  });
});

describe("newer syntax", () => {
  const NEWER = [
    ["5.3", 'export type Session = typeof import("cassandra-driver", { with: { "resolution-mode": "require" } });'],
    ["5.4", "export declare function pick<T>(all: readonly T[], other: NoInfer<T>): T;"],
  ] as const;

  test.each(NEWER)("of %s is an error to the kernel, where it would be any without a word: %s", (_, text) => {
    expect(declarationProblems(KERNEL, text)).not.toEqual([]);
    expect(declarationProblems(NEWEST, text)).toEqual([]);
  });
});
