import type { Provider } from "@codex-ts/api";
import { defaultRetryPolicy, type Transport, type WebSocketTransport } from "@codex-ts/client";
import {
  createProviderModels,
  type LoginSource,
  type ModelProvider,
  ProviderAuthScope,
  providerAuthSource,
  providerTraits,
  type ResolvedProviderAuth,
  resolveProviderAuth,
  supportsAttestation,
} from "@codex-ts/model-provider";
import type { ModelsManager } from "@codex-ts/models-manager";
import type { ModelClientOptions } from "./model-client-options.js";
import type { Access, AccessOptions, Setup } from "./session/access.js";
import { TransportChoice } from "./session/transport-choice.js";
import type { WarningEvent } from "./stream/turn-event.js";
import { WorkspaceRouting } from "./workspace-routing.js";

/** What the set-up of a session takes from its client. */
export interface SetupInput {
  readonly options: ModelClientOptions;
  readonly transport: Transport & WebSocketTransport;
  readonly clientVersion: string;
  readonly retryBaseDelayMs: number;
  readonly maxRetryAfterMs: number;
}

/** Opens provider and login, and puts together what a session needs of them. */
export async function openSetup(input: SetupInput): Promise<Setup> {
  const { options } = input;
  const provider = typeof options.provider === "function" ? await options.provider() : options.provider;
  // Amazon Bedrock takes nothing of a login but its Bedrock key.
  const wantsLogin = providerTraits(provider).usesLogin || provider.aws !== undefined;
  const login = wantsLogin ? await openLogin(options) : undefined;
  try {
    return assemble(input, provider, login);
  } catch (error) {
    await closeLogin(options, login);
    throw error;
  }
}

function assemble(input: SetupInput, provider: ModelProvider, login: LoginSource | undefined): Setup {
  const { options, clientVersion } = input;
  const notices: WarningEvent[] = [];
  const scope = new ProviderAuthScope({
    login,
    environment: options.environment,
    agentIdentityPolicy: options.agentIdentityPolicy,
    allowBearerFallback: options.allowBearerFallback,
    sessionSource: options.sessionSource,
    agentVersion: clientVersion,
    awsAuth: options.awsAuth,
    onNotice: ({ kind, message }) => notices.push({ type: "warning", reason: kind, message }),
  });
  const models = options.models ?? createModels(input, provider, scope);
  const routing = openRouting(input, provider, scope);
  return {
    provider,
    traits: providerTraits(provider),
    choice: new TransportChoice(provider.supportsWebsockets && options.webSocket !== false),
    supportsAttestation: (mode) => supportsAttestation(provider, mode),
    findModel: async (name) => {
      const { model } = await models.find(name ?? (await models.defaultModel()));
      return model;
    },
    noteModelsEtag(etag) {
      if (options.refreshModels !== false) models.noteEtag(etag);
    },
    async resolve(signal, { isSideCall }: AccessOptions = {}) {
      const policy = isSideCall === true ? ({ agentIdentityPolicy: "JwtOnly" } as const) : {};
      const resolved = await resolveProviderAuth(provider, scope, { signal, ...policy });
      const access = toAccess(resolved, input);
      return routing === undefined ? access : await routing.route(access, signal);
    },
    takeNotices: () => notices.splice(0),
    keepNotice: (notice) => notices.push(notice),
    async close() {
      if (options.models === undefined) await models.close();
      await closeLogin(options, login);
    },
  };
}

async function openLogin({ login }: ModelClientOptions): Promise<LoginSource | undefined> {
  return typeof login === "function" ? await login() : login;
}

/** A login that was opened for this client alone is closed with it. */
async function closeLogin(options: ModelClientOptions, login: LoginSource | undefined): Promise<void> {
  if (typeof options.login !== "function" || login === undefined || !(Symbol.asyncDispose in login)) return;
  await (login as AsyncDisposable)[Symbol.asyncDispose]();
}

function createModels(
  { options, transport, clientVersion }: SetupInput,
  provider: ModelProvider,
  scope: ProviderAuthScope,
): ModelsManager {
  const { modelsCacheFolder: cacheFolder, telemetry } = options;
  return createProviderModels(provider, scope, { transport, clientVersion, cacheFolder, telemetry });
}

function toAccess(resolved: ResolvedProviderAuth, input: SetupInput): Access {
  const { account, agentIdentity, auth, mode, usesCodexBackend } = resolved;
  const provider = withRetryOptions(resolved.provider, input);
  return {
    provider,
    auth,
    mode,
    usesCodexBackend,
    agentIdentity,
    owner: JSON.stringify([
      provider.baseUrl,
      mode,
      account?.accountId,
      account?.userId,
      agentIdentity?.agentId,
    ]),
  };
}

function withRetryOptions(provider: Provider, { retryBaseDelayMs, maxRetryAfterMs }: SetupInput): Provider {
  const { retry } = provider;
  if (retry === undefined) return provider;
  return { ...provider, retry: { ...retry, baseDelayMs: retryBaseDelayMs, maxRetryAfterMs } };
}

/** Only OpenAI's own provider knows where workspaces are, and a place that was named by the caller is not overruled. */
function openRouting(
  { options, transport, retryBaseDelayMs, maxRetryAfterMs }: SetupInput,
  provider: ModelProvider,
  scope: ProviderAuthScope,
): WorkspaceRouting | undefined {
  const { workspaceRouting = provider.baseUrl === undefined, workspaceOrigins } = options;
  const { chatgptBaseUrl = "https://chatgpt.com/backend-api" } = options;
  if (!workspaceRouting || provider.id !== "openai") return undefined;
  return new WorkspaceRouting({
    transport,
    chatgptBaseUrl,
    login: providerAuthSource(provider, scope),
    allowedOrigins: workspaceOrigins,
    telemetry: options.telemetry,
    retry: { ...defaultRetryPolicy, baseDelayMs: retryBaseDelayMs, maxRetryAfterMs },
  });
}
