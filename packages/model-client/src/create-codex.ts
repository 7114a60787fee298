import type { AuthProvider } from "@codex-ts/auth-provider";
import {
  type LoginSource,
  type ModelProvider,
  type ProviderConfig,
  resolveProvider,
} from "@codex-ts/model-provider";
import { fixedLogin } from "./fixed-login.js";
import { defaultClientVersion, ModelClient } from "./model-client.js";
import type { ModelClientOptions } from "./model-client-options.js";

/** What {@link createCodex} takes. Nothing has to be given. */
export interface CodexOptions extends Omit<ModelClientOptions, "login" | "provider"> {
  /**
   * An API key, or the login: an `AuthManager` of `@codex-ts/login`, any `AuthSource` or `AuthProvider`, or a function
   * that opens one when it is needed, which is closed with the client. It goes only to providers that ask for the user's login, as `openai` does.
   *
   * @defaultValue the login of this machine, as `AuthManager.open()` finds it
   */
  readonly auth?: string | AuthProvider | LoginSource | (() => Promise<LoginSource>) | undefined;
  /** Where the provider `openai` is, instead of where it follows from the login. */
  readonly baseUrl?: string | undefined;
  /** A provider, or the id of one: built-in, or of `config`. @defaultValue "openai" */
  readonly provider?: string | ModelProvider | undefined;
  /** The configuration in which providers are defined. */
  readonly config?: ProviderConfig | undefined;
}

/**
 * Makes a client that is ready for turns. It connects to nothing before the first of them is read, and reads no login
 * either.
 *
 * @throws TypeError for an option that cannot be.
 */
export function createCodex({ auth, baseUrl, provider, config, ...options }: CodexOptions = {}): ModelClient {
  if (baseUrl !== undefined && provider !== undefined && provider !== "openai")
    throw new TypeError('"baseUrl" is for the provider "openai"; others say themselves where they are');
  return new ModelClient({
    ...options,
    provider:
      typeof provider === "object" ? provider : () => findProvider(provider, baseUrl, config, options),
    login: auth === undefined ? openLogin : toLogin(auth),
  });
}

function findProvider(
  id: string | undefined,
  baseUrl: string | undefined,
  config: ProviderConfig = {},
  { clientVersion = defaultClientVersion, environment }: Pick<CodexOptions, "clientVersion" | "environment">,
): Promise<ModelProvider> {
  const named = baseUrl === undefined ? config : { ...config, openai_base_url: baseUrl };
  return resolveProvider(id, named, { clientVersion, environment });
}

/** Loaded when it is needed: a program with a key of its own pays nothing for it. */
async function openLogin(): Promise<LoginSource> {
  const { AuthManager } = await import("@codex-ts/login");
  return await AuthManager.open();
}

function toLogin(auth: Exclude<CodexOptions["auth"], undefined>): ModelClientOptions["login"] {
  if (typeof auth === "function") return auth;
  if (typeof auth === "string") {
    if (auth.trim() === "") throw new TypeError('"auth" must not be blank');
    return fixedLogin("apikey", bearer(auth));
  }
  return "current" in auth ? auth : fixedLogin("custom", auth);
}

function bearer(key: string): AuthProvider {
  return {
    addAuthHeaders(headers) {
      headers.set("authorization", `Bearer ${key}`);
    },
  };
}
