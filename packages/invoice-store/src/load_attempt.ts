import { randomUUID } from "node:crypto";
import type { TableName } from "@keyspaces-segmentation/keyspaces-bulk";
import type { Client } from "cassandra-driver";
import { admitFile, type Candidate } from "./admit_file.js";
import {
  forget,
  type JournalOfFile,
  journalOf,
  type LoadJournal,
  noteOpenLoad,
  type OpenLoad,
  ofFile,
} from "./load_journal.js";
import { isComplete, type Load, recordLoad } from "./loads.js";

/** What may have written while a load did. */
export interface AtOnce {
  /** Whether another attempt at this very file. */
  readonly isSameFile: boolean;
  /** Other files, by where they came from. */
  readonly others: readonly string[];
}

export const nothingAtOnce: AtOnce = { isSameFile: false, others: [] };

/** An attempt to load a file, as others see it: noted from before its first row to its end. */
export interface LoadAttempt {
  /** Of the file. */
  readonly fingerprint: string;
  /** By which it is on record of the table; undefined until it has begun. */
  readonly id: string | undefined;
  /**
   * Notes it, and only then looks whether the table takes the file: of two that begin at once, one at least sees the other.
   *
   * @throws as {@link admitFile}
   */
  begin(start: {
    /** The earlier attempt whose checkpoint it goes on from; undefined where there is none. */
    readonly from: string | undefined;
  }): Promise<void>;
  /** Takes note that rows of the file are in the table, `found` there or `written`. */
  hasRows(how: "found" | "written"): void;
  /** Whether it has written rows, as far as is known. */
  readonly hasWritten: boolean;
  /** Notes it again where that was an hour ago, without being waited for. */
  renew(): void;
  /**
   * Looks what else was loaded since it has begun: whether other attempts at the file are on record, `else` than those that it goes on
   * from, or any.
   *
   * @throws StepError
   */
  beside(): Promise<{ others: "none" | "gone on from" | "else"; atOnce: AtOnce }>;
  /** Puts the load on record and takes back the notes that it settles. @throws StepError */
  record(load: Load): Promise<void>;
  /**
   * Notes that it has failed, unless no row of the file is in by it, or another has loaded the file to its end meanwhile: then its note
   * is taken back.
   *
   * @throws StepError
   */
  fail(signal: AbortSignal): Promise<void>;
  /** Takes back its note, if there is one, as it has written nothing and cannot be gone on from. @throws StepError */
  withdraw(): Promise<void>;
}

/** A load may go on for days: so often its note is renewed, by which a clean-up sees that it is under way. Milliseconds. */
const NOTED_EVERY_MS = 3_600_000;

const nothing: LoadJournal = { loads: [], open: [] };

export function loadAttempt(
  client: Client,
  name: TableName,
  file: Candidate,
  { now, isBesideUnknown, signal }: { now: () => Date; isBesideUnknown: boolean; signal?: AbortSignal | undefined },
): LoadAttempt {
  const { fingerprint, uri, data } = file;
  const attempt = randomUUID();
  const isMine = (open: OpenLoad) => open.attempt === attempt;
  const noted = (hasFailed: boolean): OpenLoad => {
    return { fingerprint, uri, attempt, hasFailed, from, reading: data.rows, isBesideUnknown };
  };
  const takeBack = () => forget(client, name, { open: [noted(true)] });
  const look = async () => ofFile(await journalOf(client, name), fingerprint);
  let state: "not noted" | "noted" | "begun" = "not noted";
  let rows: "none" | "found" | "written" = "none";
  let from: string | null = null;
  let before: JournalOfFile = { own: nothing, others: nothing };
  let [notedAt, noting] = [0, Promise.resolve()];
  const note = async (): Promise<void> => {
    notedAt = now().getTime();
    await noteOpenLoad(client, name, noted(false), { now: new Date(notedAt), signal });
  };
  return {
    fingerprint,
    get id() {
      return state === "begun" ? attempt : undefined;
    },
    hasRows(how) {
      if (rows !== "written") rows = how;
    },
    get hasWritten() {
      return rows === "written";
    },
    async begin(start) {
      from = start.from ?? null;
      state = "noted";
      await note();
      before = await admitFile(client, name, file);
      state = "begun";
    },
    renew() {
      if (state !== "begun" || now().getTime() - notedAt < NOTED_EVERY_MS) return;
      // Where that fails, the load does not: the next time it may go.
      noting = note().catch(() => undefined);
    },
    async beside() {
      const { own, others } = await look();
      const isGoneOnFrom = (open: OpenLoad) => isMine(open) || (from !== null && (open.from ?? open.attempt) === from);
      const isNone = from === null && own.loads.length === 0 && own.open.every(isMine);
      const isOfThese = own.loads.length === 0 && own.open.every(isGoneOnFrom);
      const found = isNone ? "none" : isOfThese ? "gone on from" : "else";
      // It has had no row.
      if (state !== "begun") return { others: found, atOnce: nothingAtOnce };
      const isSameFile = writingAtOnce(before.own, own, attempt).length > 0;
      return {
        others: found,
        atOnce: { isSameFile, others: [...new Set(writingAtOnce(before.others, others, attempt))] },
      };
    },
    async record(load) {
      await noting;
      await recordLoad(client, name, load);
      state = "not noted";
      const begunBefore = new Set(before.own.open.map((open) => open.attempt));
      // Another that is still writing may bring what was refused here.
      const isSettled = (open: OpenLoad) =>
        isMine(open) || open.hasFailed || (isComplete(load) && begunBefore.has(open.attempt));
      // It is on record, whether or not notes can be taken back: while one stays, the table is read as a whole.
      await look()
        .then(({ own }) => forget(client, name, { open: own.open.filter(isSettled) }))
        .catch(() => undefined);
    },
    async fail(ends) {
      await noting;
      if (state === "not noted") return;
      if (rows === "none") return takeBack();
      await noteOpenLoad(client, name, noted(true), { now: now(), signal: ends });
      const [was, is] = [before.own.loads[0], (await look()).own.loads[0]];
      // Nothing of the file is missing then.
      const isMadeGood = is && isComplete(is) && is.loadedAt.getTime() !== was?.loadedAt.getTime();
      if (isMadeGood) await takeBack();
    },
    async withdraw() {
      await noting;
      if (state !== "not noted") await takeBack();
      state = "not noted";
    },
  };
}

/** The files whose loads had begun before and were not done, or have begun or were done since. */
function writingAtOnce(before: LoadJournal, after: LoadJournal, mine: string): string[] {
  const writingOf = ({ fingerprint, loadedAt }: Load) => `${fingerprint} ${loadedAt.toISOString()}`;
  const settled = new Set([
    mine,
    ...before.loads.map(writingOf),
    ...before.open.filter(({ hasFailed }) => hasFailed).map(({ attempt }) => attempt),
  ]);
  return [
    ...[...before.open, ...after.open].filter(({ attempt }) => !settled.has(attempt)),
    ...after.loads.filter((load) => !settled.has(writingOf(load))),
  ].map(({ uri }) => uri);
}
