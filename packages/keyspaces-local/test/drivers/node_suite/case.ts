import type { RuleCode } from "@keyspaces-segmentation/keyspaces-local/dist/catalogue/catalogue.js";
import type { World } from "./world.js";

type Run = (world: World) => Promise<unknown>;

/** Something that the driver's documentation says that it does, tried. */
export interface Case {
  /** @throws where it does not come out */
  readonly run: Run;
  /** The rule of Keyspaces that it breaks: `run` fails with the rule's code. */
  readonly refusedBy?: RuleCode;
  /** Why it comes out otherwise than documented, where no rule refuses it: `run` shows that it does. */
  readonly otherwise?: string;
}

/** By what each tries. */
export type Cases = Readonly<Record<string, Case>>;

export const passes = (run: Run): Case => ({ run });
export const refused = (refusedBy: RuleCode, run: Run): Case => ({ run, refusedBy });
export const otherwise = (reason: string, run: Run): Case => ({ run, otherwise: reason });
