import type { AccountIdentity } from "@codex-ts/auth-provider";
import type { AuthMode } from "@codex-ts/protocol";

/** A login that has been stored. Tells what it is, and holds no secret. */
export interface CompletedLogin {
  readonly mode: AuthMode;
  readonly account: AccountIdentity;
  /** Whether an API key is stored: as the login itself, or beside ChatGPT tokens. */
  readonly hasApiKey: boolean;
  /** Where it is stored, such as a path. */
  readonly location: string;
}
