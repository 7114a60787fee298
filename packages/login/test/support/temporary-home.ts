import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { AuthJson } from "../../src/index.js";

/** A home folder of one test, removed when that is over. */
export async function temporaryHome(): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), "codex-login-"));
  onTestFinished(() => rm(home, { recursive: true, force: true }));
  return home;
}

export function authFileOf(home: string): string {
  return join(home, "auth.json");
}

/** Puts a login into a home folder as the Codex CLI would. */
export async function writeAuth(home: string, auth: AuthJson | string): Promise<void> {
  const text = typeof auth === "string" ? auth : JSON.stringify(auth, null, 2);
  await writeFile(authFileOf(home), text);
  await chmod(authFileOf(home), 0o600);
}

/** The file as it is, or nothing when there is none. */
export async function readAuthText(home: string): Promise<string | undefined> {
  return await readFile(authFileOf(home), "utf8").catch(() => undefined);
}

export async function readAuth(home: string): Promise<AuthJson | undefined> {
  const text = await readAuthText(home);
  return text === undefined ? undefined : (JSON.parse(text) as AuthJson);
}

export async function modeOf(path: string): Promise<number> {
  return (await stat(path)).mode & 0o777;
}

/** What else a write has left behind. */
export async function otherFiles(home: string): Promise<string[]> {
  return (await readdir(home)).filter((name) => name !== "auth.json");
}
