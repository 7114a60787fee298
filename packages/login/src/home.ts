import { realpath, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import type { LoginEnvironment } from "./environment.js";
import { LoginError } from "./login-error.js";

/** Which home folder to use. */
export interface HomeOptions {
  /** Used as given. It need not exist; saving creates it. */
  readonly home?: string | undefined;
  readonly environment: LoginEnvironment;
}

/**
 * Finds the folder that holds this program's login: the `home` option, else `CODEX_HOME`, else `~/.codex-ts`.
 *
 * The default is not the Codex CLI's own folder: two programs that refresh one login sign each other out. See
 * {@link codexCliHome} for that one.
 *
 * @throws {@link LoginError} of kind `configuration` when `CODEX_HOME` names something that is not a folder.
 */
export function resolveHome({ home, environment }: HomeOptions): Promise<string> {
  return chooseHome(home, environment, ".codex-ts");
}

/**
 * Finds the folder of the Codex CLI: `CODEX_HOME`, else `~/.codex`.
 *
 * @throws {@link LoginError} of kind `configuration`, as {@link resolveHome}.
 */
export function codexCliHome(environment: LoginEnvironment): Promise<string> {
  return chooseHome(undefined, environment, ".codex");
}

async function chooseHome(
  home: string | undefined,
  environment: LoginEnvironment,
  folderName: string,
): Promise<string> {
  if (home !== undefined) return resolve(home);
  if (environment.home !== undefined) return await existingFolder(environment.home);
  return join(homedir(), folderName);
}

async function existingFolder(path: string): Promise<string> {
  let isDirectory: boolean;
  try {
    isDirectory = (await stat(path)).isDirectory();
  } catch (cause) {
    throw new LoginError(
      `CODEX_HOME points to ${JSON.stringify(path)}, which cannot be opened; create the folder or unset CODEX_HOME`,
      { kind: "configuration", cause },
    );
  }
  if (isDirectory) return await realpath(path);
  throw new LoginError(
    `CODEX_HOME points to ${JSON.stringify(path)}, which is not a folder; name a folder or unset CODEX_HOME`,
    { kind: "configuration" },
  );
}
