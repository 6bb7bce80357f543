import { AsyncLocalStorage } from "node:async_hooks";
import { expect, test } from "@jest/globals";
import { storagesOfSuite } from "./support/storages_of_suite.js";

test("what was stored for a suite's asynchronous calls is gone once it ends, and the next one stores its own", async () => {
  class Storage<Of> extends AsyncLocalStorage<Of> {}
  const end = storagesOfSuite(Storage);
  const [first, second] = [new Storage<string>(), new Storage<string>()];
  const seen: (string | undefined)[] = [];
  await first.run("first", async () => {
    await Promise.resolve();
    seen.push(first.getStore());
    end();
    seen.push(first.getStore());
  });
  expect(second.run("second", () => second.getStore())).toBe("second");
  expect(seen).toEqual(["first", undefined]);
  end();
});
