import { UserError } from "@codex-ts/api";
import { isAllowedChatgptHost } from "@codex-ts/client";
import type { Access } from "./session/access.js";

/** What the backend says of the account that is signed in. */
export interface WorkspaceRoute {
  /** Where its workspace is served; nothing for the usual place. */
  readonly origin: string | undefined;
  /** Sent back with each model call. */
  readonly routingOverride: string | undefined;
}

/** How routes are found. */
export interface WorkspaceRoutingOptions {
  /** Asks the backend. */
  readonly find: (access: Access, signal: AbortSignal) => Promise<WorkspaceRoute>;
  /** Origins that are trusted besides those of ChatGPT. */
  readonly trustedOrigins: readonly string[];
}

/**
 * Sends requests of a ChatGPT login to where the account's workspace is served. The backend is asked once for each
 * login; a failure is not remembered.
 */
export class WorkspaceRouting {
  readonly #options: WorkspaceRoutingOptions;
  #known: { readonly owner: string; readonly route: Promise<WorkspaceRoute> } | undefined;

  constructor(options: WorkspaceRoutingOptions) {
    this.#options = options;
  }

  /** @throws UserError when the backend names a place that is not trusted. Nothing was sent there. */
  async route(access: Access, signal: AbortSignal): Promise<Access> {
    if (access.mode === undefined || !routedModes.has(access.mode)) return access;
    const { origin, routingOverride } = await this.#routeOf(access, signal);
    const baseUrl = origin === undefined ? access.provider.baseUrl : this.#trusted(origin);
    const headers = new Map(headerEntries(access.provider.headers));
    if (routingOverride !== undefined) headers.set("x-openai-account-routing-override", routingOverride);
    return {
      ...access,
      owner: JSON.stringify([access.owner, baseUrl, routingOverride]),
      provider: { ...access.provider, baseUrl, headers: Object.fromEntries(headers) },
    };
  }

  #routeOf(access: Access, signal: AbortSignal): Promise<WorkspaceRoute> {
    const { owner } = access;
    if (this.#known?.owner === owner) return this.#known.route;
    const route = this.#options.find(access, signal);
    this.#known = { owner, route };
    route.catch(() => {
      if (this.#known?.route === route) this.#known = undefined;
    });
    return route;
  }

  #trusted(text: string): string {
    const url = URL.canParse(text) ? new URL(text) : undefined;
    const isPlain = url !== undefined && url.username === "" && url.password === "";
    if (isPlain && (isOwn(url) || this.#options.trustedOrigins.includes(url.origin)))
      return `${url.origin}/backend-api/codex`;
    const place = isPlain ? url.origin : "a place that is no plain origin";
    throw new UserError({
      kind: "unsupported_operation",
      message: `the workspace of this account is served at ${JSON.stringify(place)}, which is not trusted with its credential; name the origin in "workspaceOrigins" if it is to be`,
    });
  }
}

const routedModes: ReadonlySet<string> = new Set(["chatgpt", "chatgptAuthTokens", "personalAccessToken"]);

function isOwn({ protocol, hostname, port }: URL): boolean {
  return protocol === "https:" && port === "" && isAllowedChatgptHost(hostname);
}

function headerEntries(
  headers: Access["provider"]["headers"] = {},
): Iterable<readonly [string, string]> {
  if (Symbol.iterator in headers) return headers;
  return Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== undefined);
}
