import { createHash } from "node:crypto";
import {
  type AuthProvider,
  type AuthSnapshot,
  type AuthSource,
  toAuthHeaders,
} from "@codex-ts/auth-provider";
import type { AccountsCheck, BackendAccount } from "@codex-ts/protocol";
import { BackendClient } from "./backend-client.js";
import type { BackendClientOptions } from "./backend-options.js";
import type { CallOptions } from "./call-options.js";
import { BackendError } from "./errors.js";
import { demandLogin } from "./login-gate.js";
import { SharedCall } from "./shared-call.js";
import { withTimeLimit } from "./time-limit.js";
import { checkAllowedOrigins, checkedWorkspaceOrigin } from "./workspace-origin.js";

/** What a router is made from. */
export interface WorkspaceRouterOptions extends BackendClientOptions {
  /** Its login decides which account is routed. */
  readonly auth: AuthSource;
}

/** Where the model calls of one account go. */
export interface WorkspaceRoute {
  readonly accountId: string;
  /** `https://chatgpt.com`. Trusted: credentials may go there. */
  readonly origin: string;
  /** Base URL of model calls: the origin and `/backend-api/codex`. */
  readonly baseUrl: string;
  /** `x-openai-account-routing-override`, which each of these calls carries. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Finds out where the model calls of a login go. One router serves a whole process. */
export class WorkspaceRouter {
  readonly #client: BackendClient;
  readonly #source: AuthSource;
  readonly #allowedOrigins: ReadonlySet<string>;
  #known: { readonly login: string; readonly route: WorkspaceRoute } | undefined;
  #asking: { readonly login: string; readonly call: SharedCall<WorkspaceRoute | undefined> } | undefined;

  /** @throws TypeError for a base URL to which no credential may go, or an allowed origin that is none. */
  constructor(options: WorkspaceRouterOptions) {
    this.#client = new BackendClient(options);
    this.#source = options.auth;
    this.#allowedOrigins = checkAllowedOrigins(options.allowedOrigins ?? []);
  }

  /**
   * Gives the route of the login of this moment. The server is asked once for each login and each of its tokens; calls at
   * the same time share one question, and a failure is not kept.
   *
   * @returns Nothing for a login that is not routed: API keys, agent identities.
   * @throws {@link BackendError} of kind `routing` when the server names no route, or one to an origin that is not
   * trusted; of kind `auth` without a login; and as {@link BackendClient.checkAccounts}.
   */
  async resolve(options: CallOptions = {}): Promise<WorkspaceRoute | undefined> {
    return withTimeLimit({ name: "resolving the workspace route" }, options, async (signal) => {
      for (let round = 0; round < maxRounds; round += 1) {
        const snapshot = await demandLogin(this.#source, signal);
        if (!routedModes.has(snapshot.mode)) return undefined;
        const login = loginKey(snapshot);
        if (this.#known?.login === login) return this.#known.route;
        const route = await this.#join(login, snapshot).wait(signal);
        if (route !== undefined) return route;
      }
      throw refused("the login changed each time it was asked for");
    });
  }

  #join(login: string, snapshot: AuthSnapshot): SharedCall<WorkspaceRoute | undefined> {
    if (this.#asking?.login !== login || this.#asking.call.isAborted)
      this.#asking = { login, call: new SharedCall((signal) => this.#ask(snapshot, signal)) };
    return this.#asking.call;
  }

  /** @returns Nothing when another account has logged in meanwhile. */
  async #ask(before: AuthSnapshot, signal: AbortSignal): Promise<WorkspaceRoute | undefined> {
    const check = await this.#client.checkAccounts({ signal });
    // Its token may be another by now, if the server refused the first one.
    const after = await demandLogin(this.#source, signal);
    if (accountKey(before) !== accountKey(after)) return undefined;
    const route = toRoute(selectAccount(check, before.account.accountId), this.#allowedOrigins);
    this.#known = { login: loginKey(after), route };
    return route;
  }
}

function selectAccount(
  { accounts, default_account_id }: AccountsCheck,
  accountId: string | undefined,
): BackendAccount {
  const id = accountId ?? default_account_id;
  if (id === null) throw refused("neither login nor server name an account");
  const account = accounts.find((candidate) => candidate.id === id);
  if (account === undefined) throw refused("the server does not list the account of the login");
  return account;
}

function toRoute(account: BackendAccount, allowedOrigins: ReadonlySet<string>): WorkspaceRoute {
  const { workspace_backend_origin: named, account_routing_override: override } = account;
  if (!named) throw refused("the server names no origin for it");
  if (!override) throw refused("the server names no routing override for it");
  if (!headerToken.test(override)) throw refused("its routing override cannot be a header");
  const origin = checkedWorkspaceOrigin(named, allowedOrigins);
  return {
    accountId: account.id,
    origin,
    baseUrl: `${origin}/backend-api/codex`,
    headers: { "x-openai-account-routing-override": override },
  };
}

function refused(reason: string): BackendError {
  return new BackendError(`the account cannot be routed to its workspace: ${reason}`, { kind: "routing" });
}

function accountKey({ mode, account }: AuthSnapshot): string {
  return JSON.stringify([mode, account.accountId, account.userId]);
}

/** Tells logins and their tokens apart, and keeps no token for it. */
function loginKey(snapshot: AuthSnapshot): string {
  const token = bearerOf(snapshot.provider);
  return `${accountKey(snapshot)} ${createHash("sha256").update(token).digest("base64")}`;
}

function bearerOf(provider: AuthProvider): string {
  try {
    return toAuthHeaders(provider).get("authorization") ?? "";
  } catch {
    // A credential that signs whole requests has no header to show; then the account alone counts.
    return "";
  }
}

const maxRounds = 3;
const routedModes: ReadonlySet<string> = new Set(["chatgpt", "chatgptAuthTokens", "personalAccessToken"]);
const headerToken = /^[\x21-\x7e]{1,256}$/;
