import { expect, jest, test } from "@jest/globals";
import type { InvoiceFile } from "@keyspaces-segmentation/invoice-files";
import { seededRandom } from "@keyspaces-segmentation/kmeans";
import { types } from "cassandra-driver";
import { gate } from "../support/gate.js";
import { loadBench } from "../support/load_bench.js";
import { meanwhile } from "../support/meanwhile.js";

const bench = loadBench("load-histories");
const random = seededRandom(32);
const below = (n: number): number => Math.floor(random() * n);
const oneOf = <T>(of: readonly T[]): T => of[below(of.length)]!;

/** A month's lines: credit notes, lines without a customer, postage, and numbers that come in other months, too. */
const linesOf = (month: number): string[] =>
  Array.from({ length: 6 }, (_, i) => {
    const isCredit = random() < 0.15;
    const number = `${isCredit ? "C" : ""}${random() < 0.1 ? 500 + below(3) : month * 100 + i}`;
    const day = `0${month}/${10 + below(18)}/2011 ${10 + below(9)}:00`;
    const customer = random() < 0.1 ? "" : 7000 + below(8);
    return Array.from({ length: 1 + below(4) }, () => {
      const code = random() < 0.8 ? 20_000 + below(3) : "POST";
      const quantity = (isCredit ? -1 : 1) * (1 + below(3));
      return `${number},${code},thing,${quantity},${day},${oneOf(["2.50", "1.25", "0"])},${customer},Norway`;
    });
  }).flat();

const events = [
  "plain",
  "plain",
  "fails",
  "is killed",
  "anew",
  "same at once",
  "refused",
  "refused at once",
  "refused at once",
] as const;

test("whatever becomes of loads, what changed since the last read adds up to what the whole table comes to", async () => {
  const insertRows = bench.client().insertRows.bind(bench.client());
  let refusing = 0;
  const spy = jest.spyOn(bench.client(), "insertRows").mockImplementation(async (...request) => {
    if (random() >= refusing) return insertRows(...request);
    throw Object.assign(new Error("refused"), { code: types.responseErrorCodes.invalid });
  });
  const read = { onlyNew: 0, whole: 0 };
  const unequal: object[] = [];
  for (let history = 0; history < 8; history++) {
    await bench.begin();
    const log: string[] = [];
    const end = gate();
    const stuck: Promise<unknown>[] = [];
    const look = async () => {
      const { isSame, newInvoices, whyWhole, lines } = await bench.read();
      log.push(`read ${newInvoices ?? whyWhole}`);
      if (!isSame) unequal.push({ lines, log: [...log] });
      read[newInvoices === null ? "whole" : "onlyNew"]++;
    };
    const months = Array.from({ length: 8 }, (_, i) => linesOf(i + 1));
    const files: InvoiceFile[] = [];
    for (let step = 0; step < 8; step++) {
      const month = below(8);
      if (files.length === 0 || random() < 0.7)
        files.push(await bench.fileOf(random() < 0.2 ? months.slice(0, month + 1).flat() : months[month]!));
      const file = oneOf(files);
      const load = (of: InvoiceFile, options: { reuse?: boolean } = {}) =>
        bench.load(file.path, of, options).catch(({ message }: Error) => log.push(message.slice(0, 150)));
      const fails = () => Promise.reject(new Error("cut"));
      const refused = async () => {
        refusing = 0.5;
        await load(file);
        refusing = 0;
      };
      /** Waits, as if killed, once all that it has begun is written. */
      const dies = async (of: InvoiceFile, between: () => Promise<unknown>) => {
        const isIn = gate();
        const lines: InvoiceFile["lines"] = async function* (count) {
          yield* meanwhile(of, between).lines(count);
          isIn.open();
          await end.opened;
          throw new Error("killed");
        };
        const { path, rows, warnings, currency, notes } = of;
        stuck.push(load({ path, rows, warnings, currency, notes, lines }).then(isIn.open));
        await isIn.opened;
      };
      const event = oneOf(events);
      log.push(`${event}: ${file.path.split("/").at(-1)}`);
      if (event === "plain") await load(file);
      if (event === "fails") await load(meanwhile(file, fails));
      if (event === "is killed") await dies(file, async () => undefined);
      if (event === "anew") await load(file, { reuse: false });
      if (event === "same at once")
        await load(meanwhile(file, () => load(random() < 0.3 ? meanwhile(file, fails) : file)));
      if (event === "refused") await refused();
      if (event === "refused at once") await dies(file, () => refused().then(look));
      // What was killed or has failed is loaded to its end, as told.
      for (const { uri } of random() < 0.5 ? (await bench.journal()).open : [])
        await load(files.find(({ path }) => path === uri)!);
      if (random() < 0.8) await look();
    }
    end.open();
    await Promise.all(stuck);
  }
  spy.mockRestore();
  expect(unequal).toEqual([]);
  expect(Math.min(read.onlyNew, read.whole)).toBeGreaterThan(5);
});
