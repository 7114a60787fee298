import type { AuthProvider, AuthSnapshot, AuthSource } from "@codex-ts/auth-provider";
import { BackendClient, type BackendClientOptions, type ChooseSchema, type EndpointRequest } from "@codex-ts/backend-client";
import type { TaskDetails } from "@codex-ts/protocol";
import { ChatgptError, toChatgptError } from "./errors.js";
import type { CallOptions } from "./options.js";

/** What the sessions of a client share. */
export type SessionOptions = Omit<BackendClientOptions, "auth">;

/** Sends the requests of one call, all for the account that was logged in when it began. */
export class AccountSession {
  readonly #backend: BackendClient;

  constructor(options: SessionOptions, source: AuthSource, login: AuthSnapshot) {
    this.#backend = new BackendClient({ ...options, auth: new BoundLogin(source, login) });
  }

  /**
   * Sends a request below the base URL.
   *
   * @throws ChatgptError
   */
  async request<Value>(
    request: EndpointRequest,
    choose: ChooseSchema<Value>,
    options: CallOptions,
  ): Promise<Value> {
    try {
      return await this.#backend.request(request, choose, options);
    } catch (error) {
      throw toChatgptError(error);
    }
  }

  /**
   * Reads a task.
   *
   * @throws ChatgptError
   */
  async task(taskId: string, options: CallOptions): Promise<TaskDetails> {
    try {
      return await this.#backend.getTask(taskId, options);
    } catch (error) {
      throw toChatgptError(error);
    }
  }
}

/** Tells whether two readings of a login are of the same account. */
export function isSameAccount(one: AuthSnapshot | undefined, other: AuthSnapshot | undefined): boolean {
  return (
    one?.account.accountId === other?.account.accountId &&
    one?.account.userId === other?.account.userId &&
    one?.account.isWorkspace === other?.account.isWorkspace
  );
}

/** The login, as long as it is that of one account. */
class BoundLogin implements AuthSource {
  readonly provider: AuthProvider;
  readonly #source: AuthSource;
  readonly #login: AuthSnapshot;

  constructor(source: AuthSource, login: AuthSnapshot) {
    this.provider = source.provider;
    this.#source = source;
    this.#login = login;
  }

  async current(signal?: AbortSignal): Promise<AuthSnapshot | undefined> {
    const login = await this.#source.current(signal);
    if (isSameAccount(login, this.#login)) return login;
    // Otherwise the answer for one account would be taken, and cached, for that of the other.
    throw new ChatgptError("another account is logged in than when the call began", {
      kind: "account_changed",
    });
  }
}
