import { randomUUID } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  AuthError,
  type AuthProvider,
  type AuthRejection,
  applyAuth,
  type OutboundRequest,
} from "@codex-ts/auth-provider";
import { AuthManager, type AuthStorage, type ExternalAuth } from "@codex-ts/login";
import type { CredentialSource, ProviderCredential } from "./credential-source.js";

/** The token of a command. Its manager knows no login but the command: no file, no environment, no other token. */
export class TokenCommandSource implements CredentialSource {
  readonly provider: AuthProvider;
  readonly #command: ExternalAuth;
  #opening: Promise<AuthManager> | undefined;
  #manager: AuthManager | undefined;

  constructor(command: ExternalAuth) {
    this.#command = command;
    this.provider = {
      addAuthHeaders: (headers) => this.#opened().provider.addAuthHeaders(headers),
      applyAuth: async (request: OutboundRequest) => applyAuth((await this.#open()).provider, request),
      recover: async (rejection: AuthRejection) =>
        (await (await this.#open()).provider.recover?.(rejection)) === true,
    };
  }

  async current(signal?: AbortSignal): Promise<ProviderCredential | undefined> {
    return await (await this.#open()).current(signal);
  }

  async #open(): Promise<AuthManager> {
    this.#opening ??= openManager(this.#command);
    this.#manager = await this.#opening;
    return this.#manager;
  }

  #opened(): AuthManager {
    if (this.#manager !== undefined) return this.#manager;
    throw new AuthError("the token command has not run yet", { kind: "transient" });
  }
}

async function openManager(command: ExternalAuth): Promise<AuthManager> {
  const manager = await AuthManager.open({
    // The command has a limit of its own, which is the shorter one.
    externalTimeoutMs: 600_000,
    storage: nothingStored,
    // Tokens that a host has handed in belong to a home. This one is nobody's, and never made.
    home: join(tmpdir(), `codex-ts-${randomUUID()}`),
    environment: {},
  });
  // Given at once it would run while opening, and then again if it fails.
  manager.setExternalAuth(command);
  return manager;
}

const nothingStored: AuthStorage = {
  location: "nowhere",
  load: async () => undefined,
  save: async () => {},
  delete: async () => false,
};
