import { spawn } from "node:child_process";
import { isAbsolute, resolve } from "node:path";
import { LoginError } from "../login-error.js";
import type { ExternalAuth, ExternalTokens } from "./external-auth.js";

/** A command that prints a bearer token. */
export interface TokenCommandOptions {
  /** An absolute path; a path with a separator, which starts at `cwd`; or a name that is looked up in `PATH`. */
  readonly command: string;
  readonly args?: readonly string[] | undefined;
  /** After so long the command is killed, in milliseconds. @defaultValue 5000 */
  readonly timeoutMs?: number | undefined;
  /** How long a token is used, in milliseconds. 0: until it is refused. @defaultValue 300_000 */
  readonly refreshIntervalMs?: number | undefined;
  /** @defaultValue the working directory of this process */
  readonly cwd?: string | undefined;
  /** A clock that never goes back, in milliseconds. @defaultValue performance.now */
  readonly monotonicMs?: (() => number) | undefined;
}

/**
 * Gets a bearer token from a command's standard output and keeps it for a while. Callers share one run.
 *
 * It rejects with a `LoginError` of kind `token_command`, which names the command and neither its arguments nor
 * anything it printed: both may hold a secret.
 *
 * @throws TypeError for an option that cannot be.
 */
export function createTokenCommand(options: TokenCommandOptions): ExternalAuth {
  const { command, timeoutMs = 5000, refreshIntervalMs = 300_000 } = options;
  if (command.trim() === "") throw new TypeError('"command" must not be empty');
  if (!(timeoutMs > 0)) throw new TypeError('"timeoutMs" must be a positive number');
  if (!(refreshIntervalMs >= 0)) throw new TypeError('"refreshIntervalMs" must not be negative');
  return new TokenCommand({ ...options, timeoutMs, refreshIntervalMs });
}

type Settings = TokenCommandOptions & { readonly timeoutMs: number; readonly refreshIntervalMs: number };

class TokenCommand implements ExternalAuth {
  readonly mode = "apikey";
  readonly #settings: Settings;
  readonly #monotonicMs: () => number;
  #cached: { readonly tokens: ExternalTokens; readonly atMs: number } | undefined;
  #running: Promise<ExternalTokens> | undefined;

  constructor(settings: Settings) {
    this.#settings = settings;
    this.#monotonicMs = settings.monotonicMs ?? (() => performance.now());
  }

  async resolve(): Promise<ExternalTokens> {
    const { refreshIntervalMs } = this.#settings;
    const cached = this.#cached;
    if (cached !== undefined) {
      if (refreshIntervalMs === 0 || this.#monotonicMs() - cached.atMs < refreshIntervalMs)
        return cached.tokens;
    }
    return await this.refresh();
  }

  refresh(): Promise<ExternalTokens> {
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async #run(): Promise<ExternalTokens> {
    const tokens = { accessToken: await runCommand(this.#settings) };
    this.#cached = { tokens, atMs: this.#monotonicMs() };
    return tokens;
  }
}

/** Far above any token. What is printed beyond it is not kept. */
const maxOutputBytes = 1024 * 1024;

async function runCommand(settings: Settings): Promise<string> {
  const { command, args = [], timeoutMs, cwd = "." } = settings;
  const folder = resolve(cwd);
  const child = spawn(programOf(command, folder), [...args], {
    cwd: folder,
    stdio: ["ignore", "pipe", "ignore"],
    windowsHide: true,
  });
  const chunks: Buffer[] = [];
  let length = 0;
  child.stdout.on("data", (chunk: Buffer) => {
    length += chunk.length;
    if (length <= maxOutputBytes) chunks.push(chunk);
  });
  const timeout = new CommandTimeout(timeoutMs, () => {
    child.kill("SIGKILL");
    // A grandchild may have inherited the pipe, and would keep it open.
    child.stdout.destroy();
  });
  try {
    const status = await new Promise<string>((fulfil, reject) => {
      child.once("error", reject);
      child.once("close", (code, signal) =>
        fulfil(signal === null ? `exit status: ${code}` : `signal: ${signal}`),
      );
    });
    if (timeout.hasElapsed) throw failure(command, `timed out after ${timeoutMs} ms`);
    if (status !== "exit status: 0") throw failure(command, `exited with status ${status}`);
    return readToken(command, Buffer.concat(chunks), length);
  } catch (error) {
    throw error instanceof LoginError ? error : failure(command, `failed to start: ${codeOf(error)}`);
  } finally {
    timeout.clear();
  }
}

class CommandTimeout {
  hasElapsed = false;
  readonly #timer: NodeJS.Timeout;

  constructor(timeoutMs: number, onElapsed: () => void) {
    this.#timer = setTimeout(() => {
      this.hasElapsed = true;
      onElapsed();
    }, timeoutMs);
  }

  clear(): void {
    clearTimeout(this.#timer);
  }
}

function programOf(command: string, folder: string): string {
  const isPath = command.includes("/") || (process.platform === "win32" && command.includes("\\"));
  return isPath && !isAbsolute(command) ? resolve(folder, command) : command;
}

function readToken(command: string, output: Buffer, length: number): string {
  if (length > maxOutputBytes) throw failure(command, "printed more than a token");
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(output);
  } catch (cause) {
    throw failure(command, "wrote non-UTF-8 data to stdout", cause);
  }
  const token = text.trim();
  if (token === "") throw failure(command, "produced an empty token");
  return token;
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "unknown error";
}

function failure(command: string, what: string, cause?: unknown): LoginError {
  return new LoginError(`provider auth command \`${command}\` ${what}; run it by hand to see what it says`, {
    kind: "token_command",
    retryable: true,
    cause,
  });
}
