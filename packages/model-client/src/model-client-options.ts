import type {
  ClientIdentity,
  TraceSource,
  Transport,
  TransportOptions,
  WebSocketTransport,
} from "@codex-ts/client";
import type { LoginSource, ModelProvider, ProviderAuthScopeOptions } from "@codex-ts/model-provider";
import type { ModelsManager } from "@codex-ts/models-manager";
import type { ModelInfo, SessionSource } from "@codex-ts/protocol";
import type { ModelSettings } from "./request/model-settings.js";
import type { AttestationSource } from "./session/session.js";
import type { ModelClientTelemetry } from "./telemetry.js";

/** Settings of a session that most callers never need. */
export interface SessionSettings {
  /** @defaultValue a new UUID */
  readonly threadId?: string | undefined;
  /** The session that threads of one task share. @defaultValue the id of the thread */
  readonly sessionId?: string | undefined;
  /** Names this installation to the server, for good. @defaultValue none */
  readonly installationId?: string | undefined;
  /** Where the session comes from. Sub-agents say who started them. @defaultValue "cli" */
  readonly sessionSource?: SessionSource | undefined;
  /** The thread that started this one. @defaultValue that of `sessionSource`, if it names one */
  readonly parentThreadId?: string | undefined;
  /** The thread whose conversation this one began with. */
  readonly forkedFromThreadId?: string | undefined;
  /** Why there is this thread, such as `user`, `subagent` or `automation`. */
  readonly threadSource?: string | undefined;
  /** In what commands run: `none`, `external`, `seccomp`, `seatbelt`, … */
  readonly sandbox?: string | undefined;
  /** How often the conversation was made shorter before, for a session that is resumed. @defaultValue 0 */
  readonly windowNumber?: number | undefined;
  /** Features on trial that the server is told of. @defaultValue `["remote_compaction_v2"]` */
  readonly betaFeatures?: readonly string[] | undefined;
  /** Under what name the server keeps what it has read of the conversation. @defaultValue the id of the thread */
  readonly promptCacheKey?: string | undefined;
  /** Whether items are sent with their ids, and get one if they have none. @defaultValue false */
  readonly itemIds?: boolean | undefined;
  /** Gives the value of `x-oai-attestation`. Asked before each attempt, with a login that attests. */
  readonly attestation?: AttestationSource | undefined;
}

/** What a {@link ModelClient} is made from. */
export interface ModelClientOptions
  extends ModelSettings,
    SessionSettings,
    Pick<
      ProviderAuthScopeOptions,
      "agentIdentityPolicy" | "allowBearerFallback" | "awsAuth" | "environment"
    > {
  /** Whose models, by `resolveProvider` of `@codex-ts/model-provider`; or a function that finds it when it is needed. */
  readonly provider: ModelProvider | (() => Promise<ModelProvider>);
  /**
   * The user's login, for providers that ask for it; or a function that opens it when it is needed. What a function
   * has opened is closed with the client, if it can be.
   */
  readonly login?: LoginSource | (() => Promise<LoginSource>) | undefined;
  /** The model, or its name. @defaultValue the provider's default model */
  readonly model?: string | ModelInfo | undefined;
  /** What is known of models. Not closed by the client. @defaultValue one of its own */
  readonly models?: ModelsManager | undefined;
  /** Folder in which the own one keeps lists. @defaultValue in memory only */
  readonly modelsCacheFolder?: string | undefined;
  /** Whether the list of models is fetched again, in the background, when an answer tells of a newer one. @defaultValue true */
  readonly refreshModels?: boolean | undefined;
  /**
   * Carries the requests. Not closed by the client. Clients that share one share its pool of connections over HTTP and
   * its cookies; never a WebSocket, a cache or the state of a turn.
   *
   * @defaultValue one of its own, with cookies of its own
   */
  readonly transport?: (Transport & WebSocketTransport) | undefined;
  /** Settings of the client's own transport. */
  readonly network?: Omit<TransportOptions, "identity" | "telemetry" | "trace"> | undefined;
  /** How requests introduce themselves, unless a `transport` is given. */
  readonly identity?: ClientIdentity | undefined;
  /** Sent as `originator`, instead of that of the transport. */
  readonly originator?: string | undefined;
  /** The release of the Codex CLI whose protocol is spoken; the server goes by it when it lists models. */
  readonly clientVersion?: string | undefined;
  /** False: HTTP only. @defaultValue true, where the provider can do it */
  readonly webSocket?: boolean | undefined;
  /** Whether bodies are compressed for the Codex backend. @defaultValue true */
  readonly compression?: boolean | undefined;
  /** Asks the server over WebSockets where its time goes, for `onWebSocketTimings`. @defaultValue false */
  readonly timingMetrics?: boolean | undefined;
  /** Pause before the first retry in milliseconds; it doubles with each one. @defaultValue 200 */
  readonly retryBaseDelayMs?: number | undefined;
  /** The longest wait that a server may ask for, in milliseconds. A longer one ends the turn. @defaultValue 60_000 */
  readonly maxRetryAfterMs?: number | undefined;
  /**
   * Whether requests of ChatGPT logins to OpenAI's own provider go to where the backend says that the account's
   * workspace is served.
   *
   * @defaultValue true, unless the provider has a base URL of the caller's
   */
  readonly workspaceRouting?: boolean | undefined;
  /** Origins that a workspace may be served at, besides those of ChatGPT over https. */
  readonly workspaceOrigins?: readonly string[] | undefined;
  /**
   * Where the backend is asked for it: at ChatGPT, on this machine, or at one of `workspaceOrigins`.
   *
   * @defaultValue "https://chatgpt.com/backend-api"
   */
  readonly chatgptBaseUrl?: string | undefined;
  readonly telemetry?: ModelClientTelemetry | undefined;
  /** The trace that requests belong to, asked for each attempt. A `transport` that is given has its own for HTTP. */
  readonly trace?: TraceSource | undefined;
  /** Epoch milliseconds. @defaultValue Date.now */
  readonly clock?: (() => number) | undefined;
  /** Uniform in [0, 1), for the pauses between retries. @defaultValue Math.random */
  readonly random?: (() => number) | undefined;
}

/** @throws TypeError which names the option and the expectation. */
export function checkModelClientOptions(options: ModelClientOptions): void {
  for (const name of ["retryBaseDelayMs", "maxRetryAfterMs"] as const) {
    if (!((options[name] ?? 0) >= 0))
      throw new TypeError(`"${name}" must be a non-negative number of milliseconds`);
  }
  const { windowNumber = 0 } = options;
  if (!(Number.isInteger(windowNumber) && windowNumber >= 0))
    throw new TypeError('"windowNumber" must be a whole number from 0');
  for (const origin of options.workspaceOrigins ?? []) {
    if (!URL.canParse(origin) || new URL(origin).origin !== origin)
      throw new TypeError('"workspaceOrigins" must be origins, such as "https://chat.example.com"');
  }
}
