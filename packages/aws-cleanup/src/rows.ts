import type { Origin } from "@keyspaces-segmentation/aws-session";
import type { NotedOfTable } from "@keyspaces-segmentation/cluster-store";
import type { Sign } from "./activity.js";
import type { Choice } from "./options.js";

/** What it costs to let something stay. */
export interface Cost {
  /** US dollars an hour; null where that is not known. */
  readonly usdPerHour: number | null;
  /** The same in words. */
  readonly cost: string;
}

/** What a run has of something that another run has made: it stays as long as that run's things do. */
export interface Claim extends Origin {
  /** "table online_retail of run 2025-11-29-07-00-00-001 is in it" */
  readonly what: string;
}

/** Something that a run has made, or met, as it was found. */
export interface Leftover extends Origin, Cost {
  /** "keyspace blog_20261129" */
  readonly what: string;
  /** By which `uses` of others name it: "model x", or a URI in S3, of a folder with its slash. */
  readonly id?: string;
  /** What it would break without: of others, their ids, or what lies in their folders. */
  readonly uses?: readonly string[];
  /** Why it is not for this command to remove, and which does; undefined where it is. */
  readonly elsewhere?: string | undefined;
  /** Why it stays whatever run is chosen; undefined where nothing keeps it. */
  readonly needed: string | undefined;
  /** Why it cannot be seen here whether its run was kept; undefined where it can. */
  readonly unseen?: string | undefined;
  /** What other runs have of it. */
  readonly claims?: readonly Claim[];
  /** Why it stays, for a choice, for something that may be somebody else's; undefined where nothing holds it. */
  readonly held?: (choice: Choice) => string | undefined;
  /** The statement that removes it by hand, of what no choice may remove. */
  readonly byHand?: string | undefined;
  /** When its run was at work on it last, where that is known. */
  readonly sign: Sign | undefined;
  /** Tables of a keyspace that go with it. */
  readonly tables?: { readonly keyspace: string; readonly names: readonly string[] };
  /** The table that it was noted of, to be read on from next month, and with which it goes. */
  readonly lastReadOf?: Pick<NotedOfTable, "region" | "keyspace" | "table"> | undefined;
  /** @returns what became of it, where that is more than that it was removed. @throws StepError */
  readonly remove: () => Promise<string | undefined>;
}

/** A line of what is there, and what becomes of it. */
export interface Row extends Cost {
  readonly what: string;
  /** null where it is not known, or several. */
  readonly run: string | null;
  /** What tells that its run may be under way; null where nothing does. */
  readonly active: string | null;
  /** Whether it is what was asked for; the rest is there to be seen. */
  readonly goes: boolean;
  /** Why it stays; what became of it, once that was tried. */
  readonly outcome: string;
  /** Whether its removal was tried, and failed. */
  readonly failed: boolean;
}

/** One thing that a run has made or met, and what has become of it. */
export interface Cleaned {
  what: string;
  outcome: string;
}
