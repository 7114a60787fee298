import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "tsup";
import { afterAll, onTestFinished } from "vitest";

/**
 * Turns a program of test/children into one plain file, so that two hundred of them start in seconds. Call it once for
 * a test file, outside of the tests.
 */
export async function bundleChild(name: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "codex-login-child-"));
  afterAll(() => rm(folder, { recursive: true, force: true }));
  await build({
    entry: { [name]: fileURLToPath(new URL(`../children/${name}.ts`, import.meta.url)) },
    config: false,
    format: "cjs",
    outDir: folder,
    // All but the native module, which no child uses.
    noExternal: [/^(?!@napi-rs)/],
    external: ["@napi-rs/keyring"],
    splitting: false,
    silent: true,
    target: "node20",
    esbuildOptions(options) {
      options.conditions = ["@codex-ts/source"];
    },
  });
  return join(folder, `${name}.cjs`);
}

export interface Child {
  readonly process: ChildProcess;
  /** Lets a child go on that waits for its standard input. */
  go(): void;
  /** Resolves when so many lines have been printed; rejects when the child ends before that. */
  lines(count: number): Promise<string[]>;
  /** Resolves when the child has ended and all its output has come. */
  readonly ended: Promise<{ readonly code: number | null; readonly output: string }>;
}

/** Starts a bundled program, and ends it with the test at the latest. */
export function startChild(program: string, args: readonly string[]): Child {
  const child = spawn(process.execPath, [program, ...args], { stdio: ["pipe", "pipe", "inherit"] });
  onTestFinished(() => {
    child.kill("SIGKILL");
  });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
  });
  const ended = once(child, "close").then(([code]: (number | null)[]) => ({ code: code ?? null, output }));
  const lines = async (count: number): Promise<string[]> => {
    for (;;) {
      const printed = output.split("\n").slice(0, -1);
      if (printed.length >= count) return printed;
      if (child.exitCode !== null) throw new Error(`the child ended with ${child.exitCode}`);
      await once(child.stdout, "data");
    }
  };
  return { process: child, go: () => child.stdin.end("go\n"), lines, ended };
}
