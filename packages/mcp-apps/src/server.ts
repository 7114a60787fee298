import type { Environment } from "@codex-ts/client";
import { codexAppsServerName } from "@codex-ts/connectors";
import { McpAppsError } from "./errors.js";
import type { ToolFilter } from "./model-tools.js";
import { packageVersion } from "./package-version.js";
import { type CodexAppsEndpoint, codexAppsServerUrl } from "./server-url.js";
import { checkTimeLimit } from "./time-limit.js";
import { mayReceiveLogin } from "./trusted-origin.js";

/** What the configuration of the server is made from. */
export interface CodexAppsServerOptions extends ToolFilter {
  /** @defaultValue "https://chatgpt.com/backend-api" */
  readonly chatgptBaseUrl?: string | undefined;
  /** @defaultValue "plugins", which is `…/ps/mcp`; `apps` is `…/wham/apps` */
  readonly endpoint?: CodexAppsEndpoint | undefined;
  /**
   * Origins that the login may be sent to besides ChatGPT's own, such as `https://relay.example`.
   *
   * @defaultValue none
   */
  readonly allowedOrigins?: readonly string[] | undefined;
  /**
   * Sent as `x-openai-product-sku`; `null` for none.
   *
   * @defaultValue "codex"
   */
  readonly productSku?: string | null | undefined;
  /** Sent with each request. An `authorization` among them takes the place of the login. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /**
   * Looked through for `CODEX_CONNECTORS_TOKEN`, a bearer token that takes the place of the login when it is set.
   *
   * @defaultValue none: the environment is not read
   */
  readonly env?: Environment | undefined;
  /** Sent as the user agent, `codex-mcp-client/<version>`. @defaultValue the version of this package */
  readonly clientVersion?: string | undefined;
  /** @defaultValue true */
  readonly enabled?: boolean | undefined;
  /** Limit for connecting and listing the tools, in milliseconds. @defaultValue 30_000 */
  readonly startupTimeoutMs?: number | undefined;
  /** Limit for a call and for listing the tools again, in milliseconds. @defaultValue 300_000 */
  readonly toolTimeoutMs?: number | undefined;
  /** @defaultValue false */
  readonly supportsParallelToolCalls?: boolean | undefined;
}

/** The MCP server of Codex Apps, as an entry of a configuration: plain data without a credential. */
export interface CodexAppsServer extends ToolFilter {
  readonly transport: "streamable_http";
  readonly url: string;
  /** What the URL was made from, exactly as configured. Files are uploaded there. */
  readonly chatgptBaseUrl: string;
  /** `chatgpt`: the login signs each request. `none`: the URL is at an origin that must not see it. */
  readonly auth: "chatgpt" | "none";
  /** Where the login may go. */
  readonly allowedOrigins: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
  /** The variable whose value takes the place of the login. */
  readonly bearerTokenEnvVar?: string | undefined;
  /** Tells this entry from one of the same name that somebody has written into a configuration. */
  readonly isHostOwned: true;
  readonly clientVersion: string;
  readonly enabled: boolean;
  /** Whether a session fails without it. */
  readonly required: false;
  readonly startupTimeoutMs: number;
  readonly toolTimeoutMs: number;
  readonly supportsParallelToolCalls: boolean;
}

/**
 * Makes the configuration of the server of Codex Apps.
 *
 * @throws {@link McpAppsError} of kind `config` when the base URL is none; TypeError for a limit that is none.
 */
export function codexAppsServer(options: CodexAppsServerOptions = {}): CodexAppsServer {
  const {
    chatgptBaseUrl = "https://chatgpt.com/backend-api",
    productSku = "codex",
    clientVersion = packageVersion(),
    startupTimeoutMs = 30_000,
    toolTimeoutMs = 300_000,
    enabledTools,
    disabledTools,
  } = options;
  checkTimeLimit("startupTimeoutMs", startupTimeoutMs);
  checkTimeLimit("toolTimeoutMs", toolTimeoutMs);
  const allowedOrigins = (options.allowedOrigins ?? []).map(toOrigin);
  const url = codexAppsServerUrl(chatgptBaseUrl, options.endpoint);
  return {
    transport: "streamable_http",
    url,
    chatgptBaseUrl,
    auth: mayReceiveLogin(checkedUrl(url), allowedOrigins) ? "chatgpt" : "none",
    allowedOrigins,
    headers: {
      "user-agent": `codex-mcp-client/${clientVersion}`,
      ...(productSku === null ? {} : { "x-openai-product-sku": productSku }),
      ...options.headers,
    },
    ...(isSet(options.env?.[tokenVariable]) ? { bearerTokenEnvVar: tokenVariable } : {}),
    isHostOwned: true,
    clientVersion,
    enabled: options.enabled ?? true,
    required: false,
    startupTimeoutMs,
    toolTimeoutMs,
    supportsParallelToolCalls: options.supportsParallelToolCalls ?? false,
    ...(enabledTools === undefined ? {} : { enabledTools }),
    ...(disabledTools === undefined ? {} : { disabledTools }),
  };
}

/** Tells whether an entry of a configuration is ours, and not one that took its name. */
export function isCodexAppsServer(name: string, entry: object): entry is CodexAppsServer {
  return name === codexAppsServerName && "isHostOwned" in entry && entry.isHostOwned === true;
}

const tokenVariable = "CODEX_CONNECTORS_TOKEN";

/** A value that is no Unicode arrives with replacement characters; it is set, and refused when it is used. */
function isSet(value: string | undefined): boolean {
  return value !== undefined && value.trim() !== "";
}

function checkedUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol))
    throw new McpAppsError('"chatgptBaseUrl" must be an absolute http or https URL', { kind: "config" });
  if (url.username !== "" || url.password !== "")
    throw new McpAppsError('"chatgptBaseUrl" must not hold a user name or password', { kind: "config" });
  return url;
}

function toOrigin(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url !== undefined && /^https?:$/.test(url.protocol) && url.pathname === "/" && !/[?#@]/.test(text))
    return url.origin;
  throw new TypeError('"allowedOrigins" must hold origins, such as "https://relay.example"');
}
