import type { AuthSnapshot } from "@codex-ts/auth-provider";
import { type PlanType, parsePlanType } from "@codex-ts/protocol";
import { ModelProviderError } from "./errors.js";
import type { LoginSource } from "./login-source.js";
import type { ModelProvider } from "./model-provider.js";
import type { ProviderAuthScope } from "./provider-auth-scope.js";
import { bedrockOnly } from "./sources/bedrock.js";
import { findBedrockKey } from "./sources/bedrock-source.js";

/** Who is signed in with a provider, as user interfaces are told by `account/read`. */
export type ProviderAccount =
  | { readonly type: "apiKey" }
  | { readonly type: "chatgpt"; readonly email: string | null; readonly planType: PlanType }
  | { readonly type: "amazonBedrock"; readonly credentialSource: "awsManaged" | "codexManaged" };

/** The state of a provider's account. */
export interface ProviderAccountState {
  readonly account: ProviderAccount | null;
  /** Whether the provider needs the user to be signed in. */
  readonly requiresOpenaiAuth: boolean;
}

/**
 * Tells who is signed in with a provider, by the login that was read last. A login that can never be refreshed again
 * counts as none.
 *
 * @throws {@link ModelProviderError} of kind `account` for a ChatGPT login that does not name its plan, `unsupported_auth`
 * for an Amazon Bedrock key; what the login throws that could not be loaded.
 */
export async function readProviderAccount(
  provider: ModelProvider,
  scope: ProviderAuthScope,
): Promise<ProviderAccountState> {
  const { login } = scope;
  if (provider.aws !== undefined) {
    const credentialSource = (await findBedrockKey(login)) === undefined ? "awsManaged" : "codexManaged";
    return { account: { type: "amazonBedrock", credentialSource }, requiresOpenaiAuth: false };
  }
  if (!provider.requiresOpenaiAuth) return { account: null, requiresOpenaiAuth: false };
  const snapshot = login?.refreshFailure === undefined ? await readSnapshot(login) : undefined;
  return {
    account: snapshot === undefined ? null : toAccount(snapshot, provider),
    requiresOpenaiAuth: true,
  };
}

async function readSnapshot(login: LoginSource | undefined): Promise<AuthSnapshot | undefined> {
  return login?.cached === undefined ? await login?.current() : login.cached()?.snapshot();
}

function toAccount({ mode, account }: AuthSnapshot, { id: providerId }: ModelProvider): ProviderAccount {
  if (mode === "apikey") return { type: "apiKey" };
  if (mode === "bedrockApiKey")
    throw new ModelProviderError(bedrockOnly, { kind: "unsupported_auth", providerId });
  if (account.planType === undefined) {
    throw new ModelProviderError("plan type is required for chatgpt authentication", {
      kind: "account",
      providerId,
    });
  }
  return { type: "chatgpt", email: account.email ?? null, planType: parsePlanType(account.planType) };
}
