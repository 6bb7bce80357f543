import { describe, expect, test } from "@jest/globals";
import { DOORS, declarationProblems, importsOf, KERNEL, NEWEST } from "./support/declarations.js";

/** Declarations with slips in them. */
const SLIPS = `export declare const anything: any;
export declare function open(options: { atMost: any[] }): void;
export declare const nothing;
export { missing } from "cassandra-driver";
export declare const request: import("cassandra-driver/lib/requests").BatchRequest;
import type { Gone } from "./gone.js";
export declare const gone: Promise<Gone>;
export declare const fine: \`\${number} %\`;
`;

/** Declarations in syntax that came with a version. */
const NEWER = {
  "5.3": 'export type Session = typeof import("cassandra-driver", { with: { "resolution-mode": "require" } });',
  "5.4": "export declare function pick<T>(all: readonly T[], other: NoInfer<T>): T;",
};

describe.each([KERNEL, NEWEST])("to $name", (reader) => {
  const problems = declarationProblems(reader, { doors: importsOf(DOORS), slips: SLIPS, ...NEWER });
  const problemsIn = (name: string) => problems.filter((problem) => problem.startsWith(`notebooks/${name}.d.ts: `));

  test("the declarations of every door, and all that they reach, are free of errors, and nothing in them is any", () => {
    expect(DOORS.length).toBeGreaterThan(10);
    const known = ["slips", ...Object.keys(NEWER)].flatMap(problemsIn);
    expect(problems.filter((problem) => !known.includes(problem))).toEqual([]);
  });

  test("what is any is named, be it so by its own word, by a slip or by a module without types", () => {
    const slips = problemsIn("slips");
    expect(slips).toEqual(
      expect.arrayContaining(
        [
          /any is any, in: export declare const anything/,
          /any is any, in: export declare function open/,
          /nothing is any/,
          /no exported member '?"?missing/,
          /BatchRequest is any, in: export declare const request/,
          /Gone is any, in: export declare const gone/,
        ].map((pattern) => expect.stringMatching(pattern)),
      ),
    );
    expect(slips.join("\n")).not.toContain("fine");
  });

  // The kernel would take it for any without a word.
  test.each(Object.keys(NEWER))("newer syntax, of %s, is an error where it is not known", (version) => {
    expect(problemsIn(version).length > 0).toBe(reader === KERNEL);
  });
});
