import type { AgentIdentity } from "@codex-ts/agent-identity";
import type { AgentIdentityTelemetry, AuthProvider } from "@codex-ts/auth-provider";
import type { AuthPlanType } from "@codex-ts/protocol";
import { LoginError } from "../login-error.js";
import { CodexAuth } from "./codex-auth.js";

/** A login that signs each request with an Agent Identity. */
export class AgentIdentityLogin extends CodexAuth {
  override readonly mode = "agentIdentity";
  readonly #identity: AgentIdentity;
  readonly #material: string;

  /** @param material - What the identity was opened from: a record as JSON text, or a JWT. */
  constructor(identity: AgentIdentity, material: string) {
    super();
    this.#identity = identity;
    this.#material = material;
  }

  /** What signs, with its newest task. */
  get identity(): AgentIdentity {
    return this.#identity;
  }

  override get accountId(): string | undefined {
    return this.#identity.account.accountId;
  }

  override get userId(): string | undefined {
    return this.#identity.account.userId;
  }

  override get email(): string | undefined {
    return this.#identity.account.email;
  }

  override get planType(): AuthPlanType | undefined {
    return this.#identity.account.planType;
  }

  override get isFedramp(): boolean {
    return this.#identity.account.isFedramp;
  }

  override get agentIdentity(): AgentIdentityTelemetry {
    return this.#identity.telemetry;
  }

  override token(): never {
    throw new LoginError("agent identity auth does not expose a bearer token", {
      kind: "credential_missing",
    });
  }

  override provider(): AuthProvider {
    return this.#identity.provider;
  }

  /** Tells whether the login was opened from this very record or token. */
  isFrom(material: string): boolean {
    return material === this.#material;
  }

  override equals(other: CodexAuth): boolean {
    return other instanceof AgentIdentityLogin && other.#material === this.#material;
  }
}
