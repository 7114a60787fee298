import { open, rm } from "node:fs/promises";
import { join } from "node:path";
import { replaceFile, resolveTarget } from "@codex-ts/atomic-file";
import { isLoginError, LoginError } from "../login-error.js";
import { hasCode } from "../system-error.js";
import type { AuthJson } from "./auth-json.js";
import type { AuthStorage } from "./auth-storage.js";
import { parseAuthJson } from "./parse-auth-json.js";

/** Far above any login, and far below what would hurt. */
const maxFileBytes = 4 * 1024 * 1024;
const rereadAfterMs = 10;
const othersMayReadOrWrite = 0o006;

/** Settings of the file backend. */
export interface FileStorageOptions {
  readonly allowWorldReadable: boolean;
}

/** Keeps the login in `auth.json` in the home folder. */
export class FileStorage implements AuthStorage {
  readonly location: string;
  readonly #allowWorldReadable: boolean;

  constructor(home: string, { allowWorldReadable }: FileStorageOptions) {
    this.location = join(home, "auth.json");
    this.#allowWorldReadable = allowWorldReadable;
  }

  get lockFile(): string {
    return this.location;
  }

  async load(): Promise<AuthJson | undefined> {
    try {
      return await this.#loadOnce();
    } catch (error) {
      if (!isLoginError(error) || error.kind !== "invalid_login") throw error;
      // The Codex CLI writes in place. What is read in the middle of that is cut off, and whole a moment later.
      await new Promise((resolve) => setTimeout(resolve, rereadAfterMs));
      return await this.#loadOnce();
    }
  }

  async save(auth: AuthJson): Promise<void> {
    try {
      await replaceFile(this.location, JSON.stringify(auth, null, 2));
    } catch (cause) {
      throw this.#failure("be written", "make the folder writable, or set CODEX_HOME to one that is", cause);
    }
  }

  async delete(): Promise<boolean> {
    try {
      // The link itself stays: it is the user's, and the next login is written through it.
      await rm(await resolveTarget(this.location));
      return true;
    } catch (cause) {
      if (hasCode(cause, "ENOENT")) return false;
      throw this.#failure("be removed", "remove it by hand", cause);
    }
  }

  async #loadOnce(): Promise<AuthJson | undefined> {
    const text = await this.#read();
    return text === undefined ? undefined : parseAuthJson(text, this.location);
  }

  async #read(): Promise<string | undefined> {
    try {
      const file = await open(this.location, "r");
      try {
        const { mode, size } = await file.stat();
        this.#checkMode(mode);
        if (size > maxFileBytes) throw new RangeError(`it is larger than ${maxFileBytes} bytes`);
        return await file.readFile("utf8");
      } finally {
        await file.close();
      }
    } catch (cause) {
      if (isLoginError(cause)) throw cause;
      if (hasCode(cause, "ENOENT")) return undefined;
      throw this.#failure("be read", "check that it is a file and that you own it", cause);
    }
  }

  #checkMode(mode: number): void {
    if (this.#allowWorldReadable || process.platform === "win32" || (mode & othersMayReadOrWrite) === 0)
      return;
    throw new LoginError(
      `${this.location} is open to every user of this machine; run "chmod 600" on it, and sign in again if others use ` +
        "this machine; the option allowWorldReadable accepts it as it is",
      { kind: "storage" },
    );
  }

  #failure(what: string, hint: string, cause: unknown): LoginError {
    return new LoginError(`${this.location} cannot ${what}; ${hint}`, { kind: "storage", cause });
  }
}
