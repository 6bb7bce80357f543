import { expect, test } from "@jest/globals";
import { readFile } from "./support/read_file.js";

/** A sale of 25 and a refund of 5, which has a sign already: it is not turned once more. */
test.each(["-5.00", "£-5.00", "-£5.00", "£ -5.00", "−5.00", "(5.00)", "£(5.00)", "(£5.00)", "5.00-", "GBP -5.00"])(
  "a refund of %s is taken off what its customer has paid",
  async (refund) => {
    const { customers } = await readFile("refunds.csv", [
      "Date,Order,Customer,Type,Amount",
      "2024-01-25,1,7,Sale,£25.00",
      "2024-01-26,2,8,Sale,£15.00",
      `2024-01-27,3,7,Refund,${refund}`,
    ]);
    expect(customers).toEqual(["7 2 1 20", "8 1 1 15"]);
  },
);

test.each(["-US$5.00", "-AU $5.00", "-5.00 R$", "-R$ 5.00", "5.00 CR"])(
  "a sign of several letters stands in the way of no minus: %s",
  async (refund) => {
    const mark = /[A-Z]+ ?\$/.exec(refund)?.[0] ?? "";
    const { customers } = await readFile("refunds.csv", [
      "Date,Order,Customer,Type,Amount",
      `2024-01-25,1,7,Sale,${mark} 25.00`,
      `2024-01-26,2,8,Sale,${mark} 15.00`,
      `2024-01-27,3,7,Refund,${refund}`,
    ]);
    expect(customers).toEqual(["7 2 1 20", "8 1 1 15"]);
  },
);
