import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

/** A folder of one test, removed when that is over. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "codex-provider-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Puts a login into a home folder. */
export async function writeAuth(home: string, auth: object): Promise<void> {
  await writeFile(join(home, "auth.json"), JSON.stringify(auth), { mode: 0o600 });
}
