import { setTimeout as delay } from "node:timers/promises";
import type { Health } from "./admin.js";

export interface WaitOptions {
  /** Where to ask, undefined where nothing tells yet; asked anew each time. */
  readonly adminUrl: () => string | undefined;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

const PAUSE_MS = 200;

/** Waits until it is ready, as long as it may take. @returns what was seen last */
export async function waitUntilReady({ adminUrl, timeoutMs, signal }: WaitOptions): Promise<Health> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const health = await ask(adminUrl());
    if (health.status !== "starting" || performance.now() + PAUSE_MS > deadline) return health;
    await delay(PAUSE_MS, undefined, { signal });
  }
}

async function ask(url: string | undefined): Promise<Health> {
  if (url === undefined)
    return { status: "starting", seen: "nothing works in the data directory, which would tell a free port" };
  try {
    const response = await fetch(`${url}/health`, { signal: AbortSignal.timeout(2000) });
    const { status, seen } = (await response.json()) as Health;
    if (["starting", "ready", "failed"].includes(status)) return { status, seen };
    return { status: "starting", seen: `${url} answers, and is none of this program's` };
  } catch (error) {
    const { code } = Object((error as Error).cause) as { code?: string };
    return { status: "starting", seen: `nothing answers at ${url} (${code ?? (error as Error).message})` };
  }
}
