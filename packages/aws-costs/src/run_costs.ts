import { formatPlural, StepError } from "@keyspaces-segmentation/common";
import { estimateUsage, type RunPlan, type TableSize, usageBesideOthers, type WeighedFile } from "./estimate.js";
import { type Bill, billOf, priceOf } from "./lines.js";
import { Meter } from "./meter.js";
import { type PriceFile, pricesIn, readPrices, STAND_IN_REGION } from "./prices.js";
import { type RowBytes, rowSize, type TableColumns } from "./row_size.js";
import { readingTooSlow, writingTooSlow } from "./too_slow.js";
import { writeUnits } from "./units.js";
import { type Step, steps, Usage } from "./usage.js";
import { type CostRow, costRows, type Estimated, servicesIn, sourcesText, usd } from "./words.js";

/** What a run may cost, and where it writes. */
export interface RunCostsOptions {
  /** In US dollars; null for no limit. */
  readonly budgetUsd: number | null;
  /** The tables that it writes to, by name. */
  readonly tables: Readonly<Record<string, TableColumns>>;
  /** Default those of `prices.json`. */
  readonly prices?: () => PriceFile;
}

/** What a run was estimated to cost, and what it has cost so far, for programs. */
export interface CostSummary {
  readonly region: string;
  /** The day that the prices of each service are of. */
  readonly published: Readonly<Record<string, string>>;
  /** The services whose prices are another region's, as none are known of this one. */
  readonly standIns: readonly string[];
  readonly estimate: Bill;
  readonly meter: Bill;
}

/** The costs of one run: what it is going to do has a price before, what it does is counted, and a limit is kept. */
export class RunCosts {
  readonly meter: Meter;
  private readonly options: RunCostsOptions;
  private plan: (Estimated & { weighed: WeighedFile; table: TableSize; of: RunPlan }) | undefined;

  constructor(options: RunCostsOptions) {
    this.options = options;
    this.meter = new Meter(options.tables);
  }

  /** Weighs rows of one of its tables: bytes, and units when they are written. */
  weigher(table: string): (row: RowBytes) => { bytes: number; units: number } {
    const size = rowSize(this.options.tables[table] ?? { columns: {}, primaryKey: "" });
    return (row) => {
      const bytes = size(row);
      return { bytes, units: writeUnits(bytes) };
    };
  }

  /** Read units that a step has taken so far. */
  readUnitsOf(step: Step): number {
    return this.meter.usage.quantity(step, "readUnits");
  }

  /**
   * Says what the run is going to do, and where.
   *
   * @throws StepError where a limit is set and a price is not known, as it could not be kept
   */
  estimate(region: string, weighed: WeighedFile, plan: RunPlan): void {
    const file = (this.options.prices ?? readPrices)();
    const { prices, standIns } = pricesIn(file, region);
    const usage = estimateUsage(weighed, plan);
    this.plan = { region, file, prices, standIns, usage, weighed, table: weighed, of: plan };
    if (plan.kmsKey !== null) this.meter.encryptTables();
    this.meter.learn(plan.table, { rows: weighed.rows, bytes: weighed.rowBytes });
    const { unknown } = billOf(usage, prices);
    if (this.options.budgetUsd === null || unknown.length === 0) return;
    throw new StepError({
      tried: `keep the run within \`budgetUsd\` in ${region}`,
      got: `no price is known there of ${unknown.join(", ")}`,
      hint: "Add what the pricing pages say to packages/aws-costs/prices.json, or set `budgetUsd` to null.",
    });
  }

  /**
   * To be called before a step: what is sent from then on is counted to it.
   *
   * @throws StepError where a limit is set that the step, by its estimate, would pass
   */
  begin(step: Step): void {
    this.meter.step = step;
    const { budgetUsd } = this.options;
    if (budgetUsd === null) return;
    if (this.plan === undefined) {
      const hint = "Run the cell of step 4 first, or set `budgetUsd` to null.";
      throw new StepError({ tried: `begin step ${steps[step]}`, got: "nothing is known of its costs yet", hint });
    }
    const { usage, prices } = this.plan;
    const spent = Number(billOf(this.meter.usage, prices).totalUsd);
    const next = Number(billOf(usage, prices, step).totalUsd);
    if (spent + next <= budgetUsd) return;
    throw new StepError({
      tried: `begin step ${steps[step]}`,
      got: `it costs about ${usd(next)} and the run has cost ${usd(spent)} so far, which is more than the ${usd(budgetUsd)} of \`budgetUsd\``,
      hint: "Set `budgetUsd` higher, or to null for no limit.",
    });
  }

  /**
   * To be called where step 6 reads a whole table: that holds more than the file, if it has rows of others.
   *
   * @param rows of the table, as far as is known
   * @returns what has to be known of that, a sentence each
   * @throws StepError as {@link begin}
   */
  beginWholeRead(rows: number): string[] {
    this.learn({ rows: Math.max(rows, this.plan?.weighed.rows ?? 0) });
    this.begin("read");
    return this.readingTooSlow();
  }

  /**
   * To be called where step 8 stores results: of all customers of the table, who may be more than the file's.
   *
   * @param isStored whether Spark has stored them, so that next to nothing of the step is left
   * @throws StepError as {@link begin}
   */
  beginKeep(customers: number, { isStored }: { isStored: boolean }): void {
    this.learn({ customers });
    if (isStored) this.meter.step = "keep";
    else this.begin("keep");
  }

  /** Prices anew what is going to be done, by what the table was found to hold. */
  private learn(found: Partial<TableSize>): void {
    if (this.plan === undefined) return;
    const { weighed, of } = this.plan;
    const { rows = this.plan.table.rows, customers = this.plan.table.customers } = found;
    const table = { rows, customers };
    this.plan = { ...this.plan, table, usage: estimateUsage(weighed, of, table) };
  }

  /** A row for each item of each step, and the sums: estimated, and with `metered` what was counted beside it. */
  rows({ metered }: { metered: boolean }): CostRow[] {
    return costRows(this.estimated(), metered ? this.meter.usage : undefined);
  }

  /** Where and of which days the prices are. */
  caption(): string {
    const { region, file } = this.estimated();
    return `in ${region}, by prices of ${sourcesText(file)}`;
  }

  /** What else has to be known, a sentence each. */
  remarks(): string[] {
    const { prices, region, standIns, usage } = this.estimated();
    const { unknown } = billOf(usage, prices);
    const read = priceOf("readUnits", prices);
    const sentences = [];
    if (unknown.length > 0) {
      sentences.push(
        `No price is known in ${region} of ${unknown.join(", ")}: add it to packages/aws-costs/prices.json.`,
      );
    }
    const names = servicesIn(usage, standIns);
    if (names.length > 0) {
      sentences.push(
        `The prices of ${names.join(", ")} are those of ${STAND_IN_REGION}, as none of ${region} are known: add them to packages/aws-costs/prices.json.`,
      );
    }
    if (read !== null) {
      const units = usage.quantity("read", "readUnits");
      const cost = (each: number) => usd((units * each * Number(read)) / 1e6, 6);
      sentences.push(`Reading costs ${cost(1)} at LOCAL_QUORUM, and half of it, ${cost(0.5)}, at LOCAL_ONE.`);
    }
    const isWhole = this.plan?.weighed.isWhole !== false;
    const invoices = this.plan?.weighed.invoices ?? 0;
    if (this.plan !== undefined && invoices > 0) {
      const more = Number(billOf(usageBesideOthers(this.plan.weighed), prices).totalUsd);
      sentences.push(
        `Where the table holds rows of other files, each of its ${isWhole ? "" : "about "}${formatPlural(invoices, "invoice")} is looked for there and listed as new: up to ${usd(more)} more.${this.plan.of.engine === "spark" ? " Spark reads the others as well, which step 6 prices before it begins." : ""}`,
      );
    }
    sentences.push(...this.readingTooSlow());
    if (this.plan !== undefined)
      sentences.push(...writingTooSlow(this.plan.table.customers, this.plan.of, { isEstimate: !isWhole }));
    if (!isWhole) {
      sentences.push(
        "The file is very long: its first lines were weighed, and stand for the others. How many customers and invoices it has is an estimate, from how many more of them came as it was read.",
      );
    }
    return sentences;
  }

  private readingTooSlow(): string[] {
    return this.plan === undefined ? [] : readingTooSlow(this.plan.table.rows, this.plan.of);
  }

  /** What an endpoint costs that nobody deletes; a sentence. */
  forgottenEndpoint(): string {
    const { prices } = this.estimated();
    const hour = prices.instances?.["ml.m5.large"]?.hosting;
    const idle = "This endpoint is serverless: it is billed while it answers, and costs nothing where it is forgotten.";
    if (hour === undefined) return idle;
    return `${idle} One on an ml.m5.large is billed until it is deleted: $${hour} an hour, ${usd(Number(hour) * HOURS_A_MONTH, 0)} a month.`;
  }

  /** For `summary.json`; null where nothing was estimated. */
  summary(): CostSummary | null {
    if (this.plan === undefined) return null;
    const { region, file, prices, standIns, usage } = this.plan;
    const days = Object.entries(file.sources).map(([service, { published }]) => [service, published] as const);
    return {
      region,
      published: Object.fromEntries(days),
      standIns,
      estimate: billOf(usage, prices),
      meter: billOf(this.meter.usage, prices),
    };
  }

  private estimated(): Estimated {
    const {
      region = "an unknown region",
      file = (this.options.prices ?? readPrices)(),
      prices = {},
      standIns = [],
      usage = new Usage(),
    } = this.plan ?? {};
    return { region, file, prices, standIns, usage };
  }
}

const HOURS_A_MONTH = 730;
