import { DecimalSum, type Units } from "@keyspaces-segmentation/common";
import { type BinnedLine, binOf, Ledger } from "./ledger.js";
import {
  isBelowZero,
  isCreditNumber,
  isFiveDigits,
  type LineEvidence,
  type LineRules,
  PrefixCounter,
} from "./line_rules.js";

/** All lines of one kind: those that go into the same bin, whatever the rules. */
interface Kind {
  /** One of them. */
  readonly example: BinnedLine;
  readonly isCredit: boolean;
  readonly isBelowZero: boolean;
  readonly hasFiveDigits: boolean;
  lines: number;
  readonly amount: DecimalSum;
}

/**
 * A ledger of lines whose rules are known only once all of them are there: keeps them by all that any rule asks for, of which
 * there are few combinations.
 */
export class UndecidedLedger {
  private readonly kinds: (Kind | undefined)[] = [];
  private readonly prefixes = new PrefixCounter();

  add(line: BinnedLine, amount: Units, scale: number): void {
    const { quantity, price } = line;
    const isCredit = isCreditNumber(line.invoice);
    const hasFiveDigits = isFiveDigits(line.stockCode);
    const belowZero = isBelowZero(line);
    const at =
      (line.customerId === null ? 1 : 0) +
      (isCredit ? 2 : 0) +
      (hasFiveDigits ? 4 : 0) +
      (belowZero ? 8 : 0) +
      (quantity.unscaled > 0n ? 16 : 0) +
      (price.unscaled > 0n ? 32 : 0);
    let kind = this.kinds[at];
    if (kind === undefined) {
      kind = { example: line, isCredit, isBelowZero: belowZero, hasFiveDigits, lines: 0, amount: new DecimalSum() };
      this.kinds[at] = kind;
    }
    kind.lines++;
    kind.amount.add(amount, scale);
    this.prefixes.add(line.invoice, belowZero);
  }

  evidence(): LineEvidence {
    let [lines, creditNumbers, creditsBelowZero, fiveDigits] = [0, 0, 0, 0];
    for (const kind of this.found()) {
      lines += kind.lines;
      if (kind.hasFiveDigits) fiveDigits += kind.lines;
      if (!kind.isCredit) continue;
      creditNumbers += kind.lines;
      if (kind.isBelowZero) creditsBelowZero += kind.lines;
    }
    return { lines, creditNumbers, creditsBelowZero, fiveDigits, prefixes: this.prefixes.prefixes() };
  }

  /** The lines in the bins that these rules give them. */
  ledger(rules: LineRules): Ledger {
    const ledger = new Ledger();
    for (const { example, lines, amount } of this.found()) ledger.addSum(binOf(example, rules), lines, amount);
    return ledger;
  }

  private found(): Kind[] {
    return this.kinds.filter((kind) => kind !== undefined);
  }
}
