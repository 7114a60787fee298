import type { AuthSource } from "@codex-ts/auth-provider";
import { WorkspaceRouter } from "@codex-ts/backend-client";
import type { RequestTelemetry, RetryPolicy, Transport } from "@codex-ts/client";
import type { Access } from "./session/access.js";

/** What routes are found with. */
export interface WorkspaceRoutingOptions {
  readonly transport: Transport;
  /** Where the backend is asked. */
  readonly chatgptBaseUrl: string;
  readonly login: AuthSource;
  /** Origins that are trusted besides those of ChatGPT. */
  readonly allowedOrigins: readonly string[] | undefined;
  readonly retry: RetryPolicy;
  readonly telemetry: RequestTelemetry | undefined;
}

/** Sends requests of ChatGPT logins to where the account's workspace is served, and leaves all others as they are. */
export class WorkspaceRouting {
  readonly #router: WorkspaceRouter;

  constructor({ chatgptBaseUrl, login, ...options }: WorkspaceRoutingOptions) {
    this.#router = new WorkspaceRouter({ ...options, baseUrl: chatgptBaseUrl, auth: login });
  }

  /** @throws BackendError when there is no route to be had, or none that is trusted. */
  async route(access: Access, signal: AbortSignal): Promise<Access> {
    const route = await this.#router.resolve({ signal });
    if (route === undefined) return access;
    const { baseUrl, headers } = route;
    return {
      ...access,
      owner: JSON.stringify([access.owner, baseUrl, headers]),
      provider: {
        ...access.provider,
        baseUrl,
        headers: { ...toRecord(access.provider.headers), ...headers },
      },
    };
  }
}

function toRecord(headers: Access["provider"]["headers"] = {}): Record<string, string | undefined> {
  return Symbol.iterator in headers ? Object.fromEntries(headers) : { ...headers };
}
