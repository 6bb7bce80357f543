import { randomBytes } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PYTHON, startService } from "@keyspaces-segmentation/local-support";
import { freePort } from "./free_port.js";

export interface Lab {
  /** The page of a notebook in the folder, in a workspace of its own: no other one is open beside it. */
  addressOf(notebook: string): string;
  /** The end of its log. */
  lastLines(): readonly string[];
  stop(): Promise<void>;
}

/** What JupyterLab keeps for its user, in folders of the test's own; no news, no look for updates. */
export function labSettings(directory: string): NodeJS.ProcessEnv {
  const settings = join(directory, "settings");
  const plugin = join(settings, "@jupyterlab", "apputils-extension");
  mkdirSync(plugin, { recursive: true });
  writeFileSync(
    join(plugin, "notification.jupyterlab-settings"),
    JSON.stringify({ fetchNews: "false", checkForUpdates: false }),
  );
  return {
    JUPYTER_CONFIG_DIR: join(directory, "config"),
    JUPYTER_DATA_DIR: join(directory, "data"),
    JUPYTER_RUNTIME_DIR: join(directory, "runtime"),
    JUPYTERLAB_SETTINGS_DIR: settings,
    JUPYTERLAB_WORKSPACES_DIR: join(directory, "workspaces"),
    IPYTHONDIR: join(directory, "ipython"),
  };
}

/** JupyterLab on a folder of notebooks, on loopback. */
export async function startLab(directory: string, folder: string, environment: NodeJS.ProcessEnv): Promise<Lab> {
  const port = await freePort();
  const token = randomBytes(16).toString("hex");
  const base = `http://127.0.0.1:${port}`;
  const args = ["-m", "jupyter", "lab", "--no-browser", "--ip=127.0.0.1", `--port=${port}`, "--expose-app-in-browser"];
  if (process.getuid?.() === 0) args.push("--allow-root");
  const service = await startService({
    name: "JupyterLab",
    command: PYTHON,
    args: [...args, `--ServerApp.root_dir=${folder}`, `--IdentityProvider.token=${token}`],
    env: { ...process.env, ...labSettings(directory), ...environment },
    logFile: join(directory, "lab.log"),
    isReady: () =>
      fetch(`${base}/api/status?token=${token}`).then(
        ({ ok }) => ok,
        () => false,
      ),
    deadlineMs: 120_000,
  });
  return {
    addressOf: (notebook) => `${base}/lab/workspaces/${notebook.replace(/\W/g, "-")}/tree/${notebook}?token=${token}`,
    lastLines: () => service.lastLines(),
    stop: () => service.stop(),
  };
}
