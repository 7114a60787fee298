import type { AuthProvider, AuthSnapshot, AuthSource } from "@codex-ts/auth-provider";
import {
  BackendClient,
  type BackendClientOptions,
  type ChooseSchema,
  type EndpointRequest,
} from "@codex-ts/backend-client";
import type { TaskDetails } from "@codex-ts/protocol";
import { ChatgptError, toChatgptError } from "./errors.js";
import { isSameAccount, type KnownAccount } from "./login-gate.js";
import type { CallOptions } from "./options.js";

/** What the sessions of a client share. */
export type SessionOptions = Omit<BackendClientOptions, "auth">;

/** Sends the requests of one call, all for the account that was logged in when it began. */
export class AccountSession {
  readonly account: KnownAccount;
  readonly #login: BoundLogin;
  readonly #backend: BackendClient;

  constructor(options: SessionOptions, source: AuthSource, account: KnownAccount) {
    this.account = account;
    this.#login = new BoundLogin(source, account);
    this.#backend = new BackendClient({ ...options, auth: this.#login });
  }

  /**
   * Sends a request below the base URL.
   *
   * @throws ChatgptError
   */
  request<Value>(
    request: EndpointRequest,
    choose: ChooseSchema<Value>,
    options: CallOptions,
  ): Promise<Value> {
    return this.#call(() => this.#backend.request(request, choose, options));
  }

  /**
   * Reads a task.
   *
   * @throws ChatgptError
   */
  task(taskId: string, options: CallOptions): Promise<TaskDetails> {
    return this.#call(() => this.#backend.getTask(taskId, options));
  }

  async #call<Value>(send: () => Promise<Value>): Promise<Value> {
    try {
      return await send();
    } catch (error) {
      throw this.#login.hasChanged
        ? new ChatgptError("another account is logged in than when the call began", {
            kind: "account_changed",
            cause: error,
          })
        : toChatgptError(error);
    }
  }
}

/** The login, as long as it is that of one account. */
class BoundLogin implements AuthSource {
  readonly provider: AuthProvider;
  readonly #source: AuthSource;
  readonly #account: KnownAccount;
  #hasChanged = false;

  constructor(source: AuthSource, account: KnownAccount) {
    this.provider = source.provider;
    this.#source = source;
    this.#account = account;
  }

  /** Whether something was not sent because another account is logged in. */
  get hasChanged(): boolean {
    return this.#hasChanged;
  }

  async current(signal?: AbortSignal): Promise<AuthSnapshot | undefined> {
    const login = await this.#source.current(signal);
    if (isSameAccount(login?.account, this.#account)) return login;
    // Otherwise the answer for one account would be taken, and cached, for that of the other.
    this.#hasChanged = true;
    return undefined;
  }
}
