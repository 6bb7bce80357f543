import { execFileSync } from "node:child_process";
import { expect, test } from "@jest/globals";
import { shellWord } from "@keyspaces-segmentation/common";

const values = [
  "",
  "two words",
  "it's",
  "''",
  "$HOME",
  "$(id)",
  "`id`",
  "a;b",
  "*",
  "~",
  "!!",
  "#",
  "a\\b",
  "a\nb",
  '"',
  "(a)",
  "é",
];

test.each(values)("a shell reads %j as one word that is just that", (value) => {
  const script = `set -- before ${shellWord(value)} after; printf '%s' "$#:$2"`;
  expect(execFileSync("sh", ["-c", script], { encoding: "utf8" })).toBe(`3:${value}`);
});

test.each(["customer-segmentation", "prefix=shop/eu.2", "arn:aws:kms:eu-west-1:1:key/a", "s3://b/k_1"])(
  "%s stays as it is",
  (value) => {
    expect(shellWord(value)).toBe(value);
  },
);
