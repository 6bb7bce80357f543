import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { optionNames, standardOf, variableOf } from "@keyspaces-segmentation/keyspaces-local/dist/tool/options.js";
import { givenOptions, readOptions } from "@keyspaces-segmentation/keyspaces-local/dist/tool/read_options.js";
import { usage } from "@keyspaces-segmentation/keyspaces-local/dist/tool/usage.js";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "options-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const read = (args: string[], environment: NodeJS.ProcessEnv = {}) => readOptions({ args, environment, cwd: folder });
const fileWith = (content: unknown): string => {
  const file = join(folder, "options.json");
  writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
  return file;
};

test("a flag wins over a variable, a variable over the file, and the file over the default", () => {
  fileWith({ port: 1, region: "eu-west-1", heapMb: 512 });
  const { options, given } = read(["--config", "options.json", "--port", "3"], {
    KEYSPACES_LOCAL_PORT: "2",
    KEYSPACES_LOCAL_REGION: "eu-west-2",
    KEYSPACES_LOCAL_ADDRESS: "",
  });
  expect(options).toMatchObject({ port: 3, region: "eu-west-2", heapMb: 512, address: "127.0.0.1" });
  expect([...given].toSorted()).toEqual(["heapMb", "port", "region"]);
});

test("the file may be named by a variable, and holds lists, numbers and truth values as JSON has them", () => {
  const file = fileWith({ peers: ["127.0.0.5"], tableReadUnits: 2.5, reset: true, mode: "lenient" });
  const { options } = read([], { KEYSPACES_LOCAL_CONFIG: file });
  expect(options).toMatchObject({ peers: ["127.0.0.5"], tableReadUnits: 2.5, reset: true, mode: "lenient" });
});

test("a list may end with a comma, or have nothing in it", () => {
  const peersOf = (...args: string[]) => read(args).options.peers;
  expect(peersOf("--peers", "127.0.0.2,")).toEqual(["127.0.0.2"]);
  expect(peersOf("--peers", "127.0.0.2, 127.0.0.3, ")).toEqual(["127.0.0.2", "127.0.0.3"]);
  expect(peersOf("--peers", "")).toEqual([]);
  for (const list of [",", ",127.0.0.2", "127.0.0.2,,"]) {
    expect(() => read(["--peers", list])).toThrow("Expected `--peers` to be IP addresses");
  }
});

test("a path is relative to where it was given: the folder of the file, or where the command was typed", () => {
  mkdirSync(join(folder, "inner"));
  writeFileSync(join(folder, "inner", "c.json"), '{"users": "users.json"}');
  const { options } = read(["--config", join("inner", "c.json"), "--jars", "jars"]);
  expect(options).toMatchObject({ users: join(folder, "inner", "users.json"), jars: join(folder, "jars") });
});

test("every option has a flag in the help, a variable, and a default that follows its own rule", () => {
  const text = usage();
  for (const name of optionNames) {
    expect(text).toContain(`--${variableOf(name).replace("KEYSPACES_LOCAL_", "").toLowerCase().replaceAll("_", "-")} `);
    const standard = standardOf(name);
    if (standard) expect(() => read([], { [variableOf(name)]: standard })).not.toThrow();
  }
});

test.each<[string[], NodeJS.ProcessEnv, string]>([
  [["--port", "70000"], {}, 'Expected `--port` to be a port, or 0 for a free one, got "70000"'],
  [["--port"], {}, "Option '--port <value>' argument missing"],
  [["--prot", "1"], {}, "Unknown option '--prot'"],
  [["more"], {}, "Unexpected argument 'more'"],
  [["--strict", "--lenient"], {}, "Expected one of `--strict`, `--lenient` and `--mode`, got several"],
  [["--region", "mars"], {}, 'Expected `--region` to be a Region, such as eu-west-1, got "mars"'],
  [["--table-read-units", "0"], {}, "to be a number a second greater than 0, or unlimited"],
  [["--access-key-id", "AKIAIOSFODNN7EXAMPLE"], {}, "to be given together, got one of them"],
  [[], { KEYSPACES_LOCAL_PROT: "1" }, "such as KEYSPACES_LOCAL_PORT, got KEYSPACES_LOCAL_PROT"],
  [[], { KEYSPACES_LOCAL_RESET: "yes" }, 'Expected `KEYSPACES_LOCAL_RESET` to be true or false, got "yes"'],
  [["--config", "none.json"], {}, "Expected `--config` to be a file of JSON, got"],
  [["--data-directory", ""], {}, 'Expected `--data-directory` to be a path, got ""'],
  [
    ["--port", "9000", "--admin-port", "9000"],
    {},
    "Expected `--admin-port` to be another port than `--port`, got 9000",
  ],
  [["--host-names", ","], {}, "to be names of hosts or IP addresses, with commas between them"],
])("%j with %j is refused on one line", (args, environment, words) => {
  expect(() => read(args, environment)).toThrow(words);
  expect(() => read(args, environment)).toThrow(/^[^\n]+$/);
  expect(() => read(args, environment)).toThrow(expect.objectContaining({ name: "UsageError" }));
});

test.each<[unknown, string]>([
  [{ prot: 1 }, 'such as port, got "prot"'],
  [{ port: { a: 1 } }, 'Expected `port` to be a port, or 0 for a free one, got {"a":1}'],
  ["[]", "to hold an object of options, got []"],
  ["{", "to be a file of JSON"],
  ["port = 1\n\n", "to be a file of JSON"],
])("a file with %j is refused on one line", (content, words) => {
  expect(() => read(["--config", fileWith(content)])).toThrow(words);
  expect(() => read(["--config", fileWith(content)])).toThrow(/^[^\n]+$/);
});

test("a program gives the same options as values", () => {
  const unlimited = Number.POSITIVE_INFINITY;
  const sources = { environment: { KEYSPACES_LOCAL_PORT: "1", KEYSPACES_LOCAL_HEAP_MB: "300" }, cwd: folder };
  const { options } = givenOptions({ port: 0, tableReadUnits: unlimited, hostNames: ["db", "10.0.0.1"] }, sources);
  expect(options).toMatchObject({
    heapMb: 300,
    port: 0,
    tableReadUnits: unlimited,
    hostNames: ["db", "10.0.0.1"],
    mode: "strict",
  });
  expect(() => givenOptions({ port: -1 }, sources)).toThrow("Expected `port` to be");
});
