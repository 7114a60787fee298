import type { Provider } from "@codex-ts/api";
import type { AgentIdentityTelemetry, AuthProvider, AuthSnapshot } from "@codex-ts/auth-provider";
import type { ModelProvider, ProviderTraits } from "@codex-ts/model-provider";
import type { ModelInfo } from "@codex-ts/protocol";
import type { WarningEvent } from "../stream/turn-event.js";
import type { TransportChoice } from "./transport-choice.js";

/** How one attempt is sent: asked for anew each time, because logins change. */
export interface Access {
  readonly provider: Provider;
  readonly auth: AuthProvider;
  readonly mode: AuthSnapshot["mode"] | undefined;
  readonly usesCodexBackend: boolean;
  readonly agentIdentity: AgentIdentityTelemetry | undefined;
  /** Changes when requests begin to belong to somebody else, or to go elsewhere. A connection serves one owner. */
  readonly owner: string;
}

/** What one question for access may say. */
export interface AccessOptions {
  /** No Agent Identity is registered for a ChatGPT login: the request is no model call. */
  readonly isSideCall?: boolean | undefined;
}

/** What of a provider decides how it is talked to. */
type ProviderFacts = Pick<
  ModelProvider,
  "id" | "streamIdleTimeoutMs" | "streamMaxRetries" | "websocketConnectTimeoutMs"
>;

/** What a session needs to know before its first request. Made once, when it is needed. */
export interface Setup {
  readonly provider: ProviderFacts;
  readonly traits: Pick<ProviderTraits, "isAzure" | "isBedrock" | "isOpenai" | "supportsRemoteCompaction">;
  readonly choice: TransportChoice;
  /** Whether requests to this provider attest to where they come from, with the login of the first of them. */
  readonly supportsAttestation: (mode: AuthSnapshot["mode"] | undefined) => boolean;
  /** Finds what is known of a model. */
  findModel(name: string | undefined): Promise<ModelInfo>;
  /** An answer named the version of the list of models. */
  noteModelsEtag(etag: string): void;
  /** @throws whatever keeps requests from being sent. */
  resolve(signal: AbortSignal, options?: AccessOptions): Promise<Access>;
  /** What the user should know of the credentials, once. */
  takeNotices(): readonly WarningEvent[];
  /** Leaves a notice to whoever asks next, because nobody could be told. */
  keepNotice(notice: WarningEvent): void;
  close(): Promise<void>;
}
