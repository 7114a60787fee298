import type { AuthSource } from "@codex-ts/auth-provider";
import type { BackendClientOptions } from "./backend-options.js";
import type { CallOptions } from "./call-options.js";

/** What a router is made from. */
export interface WorkspaceRouterOptions extends BackendClientOptions {
  /** Its login decides which account is routed. */
  readonly auth: AuthSource;
  /**
   * Origins that are trusted besides those of ChatGPT, such as `http://127.0.0.1:8080`. They must match exactly.
   *
   * @defaultValue none
   */
  readonly allowedOrigins?: readonly string[] | undefined;
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
  /** @throws TypeError for a base URL to which no credential may go, or an allowed origin that is none. */
  constructor(_options: WorkspaceRouterOptions) {}

  /**
   * Gives the route of the login of this moment. The server is asked once for each login and each of its tokens; calls at
   * the same time share one question, and a failure is not kept.
   *
   * @returns Nothing for a login that is not routed: API keys, agent identities.
   * @throws {@link BackendError} of kind `routing` when the server names no route, or one to an origin that is not
   * trusted; of kind `auth` without a login; and as {@link BackendClient.checkAccounts}.
   */
  async resolve(_options: CallOptions = {}): Promise<WorkspaceRoute | undefined> {
    throw new Error("follows");
  }
}
