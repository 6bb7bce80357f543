import { describe, expect, test } from "@jest/globals";
import { encodingWatch } from "@keyspaces-segmentation/table-files";

describe("a file that changes between UTF-16 and another encoding stops", () => {
  const narrow = Buffer.from("489434,85048,LIGHTS,12,2009-12-01 07:45,6.95,13085\n".repeat(9));
  const wide = Buffer.from(narrow.toString(), "utf16le");
  test.each([
    ["utf-8", [narrow, wide]],
    ["utf-8", [narrow, Buffer.from([0xff, 0xfe]), wide]],
    ["windows-1252", [narrow, Buffer.from(wide).swap16()]],
    ["utf-16le", [wide, narrow]],
    ["utf-16le", [wide, Buffer.from("x"), wide]],
    ["utf-16be", [Buffer.from(wide).swap16(), narrow]],
    ["utf-16le", [wide, Buffer.from(wide).swap16()]],
  ])("%s", (encoding, parts) => {
    const watch = encodingWatch(encoding);
    expect(() => parts.map(watch)).toThrow(/two files have been joined byte by byte/);
  });

  test.each(["名称数量".repeat(200), "ランプのセット".repeat(200), "Größe\t".repeat(200)])("but not for %s", (text) => {
    for (const size of [999, 128, 5000]) {
      const watch = encodingWatch("utf-16le");
      const bytes = Buffer.concat([wide, Buffer.from(text, "utf16le"), wide]);
      for (let at = 0; at < bytes.length; at += size) watch(bytes.subarray(at, at + size));
    }
  });

  test("nor for NULs between letters, and blocks of them", () => {
    encodingWatch("utf-8")(Buffer.from(`a\0b\0c\0d,,\0\0\0x\n${"\0".repeat(4096)}`));
  });
});
