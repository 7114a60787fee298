import type { AgentIdentity } from "@codex-ts/agent-identity";
import type { AuthSource } from "@codex-ts/auth-provider";
import type { AgentIdentityRequest, CodexAuth, LoginError } from "@codex-ts/login";

/**
 * The login of a session. An `AuthManager` of `@codex-ts/login` is one, and so is any `AuthSource`: then logins are
 * used as they are, no Agent Identity is registered, and an Amazon Bedrock key is not found.
 */
export interface LoginSource extends AuthSource {
  /** Opens the Agent Identity that model calls are to be signed with, for policy `ChatGptAuth`. */
  agentIdentity?(request: AgentIdentityRequest): Promise<AgentIdentity | undefined>;
  /** The login with its secrets, for an Amazon Bedrock key. */
  auth?(signal?: AbortSignal): Promise<CodexAuth | undefined>;
  /** The login that was read last, without I/O, for what cannot wait. */
  cached?(): CodexAuth | undefined;
  /** Why the tokens can never be refreshed again, for {@link readProviderAccount}. */
  readonly refreshFailure?: LoginError | undefined;
}
