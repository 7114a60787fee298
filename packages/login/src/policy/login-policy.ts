import type { AuthMode } from "@codex-ts/protocol";
import { LoginError } from "../login-error.js";

/** How users must sign in: with a ChatGPT account, or with an API key. */
export type LoginMethod = "api" | "chatgpt";

/** What logins the configuration allows. */
export interface LoginPolicyOptions {
  /** @defaultValue any */
  readonly forcedLoginMethod?: LoginMethod | undefined;
  /** Ids of the ChatGPT workspaces that may be used. Blank ones are dropped. @defaultValue any */
  readonly forcedWorkspaceIds?: readonly string[] | undefined;
}

/** Decides which logins may be made and used. */
export class LoginPolicy {
  readonly #method: LoginMethod | undefined;
  readonly #workspaces: readonly string[];

  /** @throws TypeError for a workspace id that is a list in itself. */
  constructor({ forcedLoginMethod, forcedWorkspaceIds = [] }: LoginPolicyOptions = {}) {
    if (forcedWorkspaceIds.some((id) => id.includes(","))) {
      throw new TypeError('"forcedWorkspaceIds" must be an array with one id in each element');
    }
    this.#method = forcedLoginMethod;
    this.#workspaces = forcedWorkspaceIds.map((id) => id.trim()).filter((id) => id !== "");
  }

  /** The only login method that is allowed. Nothing: all are. */
  get method(): LoginMethod | undefined {
    return this.#method;
  }

  /** The only workspaces that are allowed. Empty: all are. */
  get workspaces(): readonly string[] {
    return this.#workspaces;
  }

  /** Tells whether a login of this mode is made by an allowed method. */
  allowsMode(mode: AuthMode): boolean {
    return this.#method === undefined || this.#method === methodOf(mode);
  }

  /** Tells whether all these ids are of allowed workspaces. Ids that are not known do not count. */
  allowsWorkspaces(ids: readonly (string | undefined)[]): boolean {
    if (this.#workspaces.length === 0) return true;
    const known = ids.filter((id) => id !== undefined);
    return known.length > 0 && known.every((id) => this.#workspaces.includes(id));
  }

  /** @throws {@link LoginError} of kind `restricted`, worded for somebody who is about to sign in. */
  checkNewLogin(mode: AuthMode): void {
    if (!this.allowsMode(mode)) throw restricted(newLoginRefusal(mode));
  }

  /** @throws {@link LoginError} of kind `restricted` for a login that is stored or comes from the environment. */
  checkMode(mode: AuthMode): void {
    if (!this.allowsMode(mode)) throw restricted(`${this.methodRefusal()} Sign in again.`);
  }

  /** @throws {@link LoginError} of kind `restricted`. */
  checkWorkspaces(ids: readonly (string | undefined)[]): void {
    if (this.allowsWorkspaces(ids)) return;
    if (ids.every((id) => id === undefined)) {
      throw restricted(
        "Login is restricted to a specific workspace, but the token did not include an chatgpt_account_id claim.",
      );
    }
    throw restricted(`Login is restricted to workspace id(s) ${this.workspaceList()}.`);
  }

  /** Says that the login is of the wrong method. */
  methodRefusal(): string {
    return this.#method === "api"
      ? "API key login is required, but ChatGPT is currently being used."
      : "ChatGPT login is required, but an API key is currently being used.";
  }

  /** The allowed workspaces, for messages. */
  workspaceList(): string {
    return this.#workspaces.join(", ");
  }
}

function methodOf(mode: AuthMode): LoginMethod {
  return mode === "apikey" || mode === "bedrockApiKey" ? "api" : "chatgpt";
}

function newLoginRefusal(mode: AuthMode): string {
  switch (mode) {
    case "apikey":
    case "bedrockApiKey":
      return "API key login is disabled. Use ChatGPT login instead.";
    case "chatgpt":
      return "ChatGPT login is disabled. Use API key login instead.";
    case "chatgptAuthTokens":
      return "External ChatGPT auth is disabled. Use API key login instead.";
    case "agentIdentity":
    case "personalAccessToken":
      return "Access token login is disabled. Use API key login instead.";
  }
}

function restricted(message: string): LoginError {
  return new LoginError(message, { kind: "restricted" });
}
