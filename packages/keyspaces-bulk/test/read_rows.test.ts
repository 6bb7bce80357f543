import { expect, test } from "@jest/globals";
import { readRows } from "@keyspaces-segmentation/keyspaces-bulk/dist/read_rows.js";
import type { Client } from "cassandra-driver";

interface Options {
  fetchSize: number;
  pageState?: string;
}

/** Answers with these pages, one after the other, and notes what it was asked. */
function clientWith(pages: number[][]): { client: Client; asked: Options[] } {
  const asked: Options[] = [];
  const execute = async (_query: string, _params: unknown[], options: Options) => {
    asked.push(options);
    const page = Number(options.pageState ?? 0);
    return { rows: pages[page], pageState: page + 1 < pages.length ? String(page + 1) : null };
  };
  return { client: { execute } as unknown as Client, asked };
}

test("goes on behind pages that are empty or short, up to the last", async () => {
  const { client, asked } = clientWith([[], [1, 2], [], [3]]);
  expect(await readRows(client, "SELECT", [])).toEqual([1, 2, 3]);
  expect(asked.map(({ pageState }) => pageState)).toEqual([undefined, "1", "2", "3"]);
});

test("asks for no more than is wanted", async () => {
  const { client, asked } = clientWith([[1, 2], [], [3], [4]]);
  expect(await readRows(client, "SELECT", [], { limit: 3 })).toEqual([1, 2, 3]);
  expect(asked.map(({ fetchSize }) => fetchSize)).toEqual([3, 1, 1]);
});
