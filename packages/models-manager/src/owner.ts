import { createHash } from "node:crypto";
import type { Provider } from "@codex-ts/api";
import type { AuthSnapshot } from "@codex-ts/auth-provider";

/** Whose lists they are: an account, seen through a login of one kind, at a provider. */
export interface Owner {
  /** Hashed, so that a cache file tells nobody. Equal for the same owner, in every process. */
  readonly key: string;
  /** False for a login that does not say whose it is: two of them cannot be told apart, so nothing is stored. */
  readonly isNamed: boolean;
}

/** Tells who owns what a provider lists for a login. */
export function ownerOf(provider: Provider, login: AuthSnapshot | undefined): Owner {
  const { accountId, userId } = login?.account ?? {};
  const facts = [provider.name, provider.baseUrl, login?.mode, accountId, userId].map((fact) => fact ?? null);
  return {
    key: createHash("sha256").update(JSON.stringify(facts)).digest("hex"),
    isNamed: accountId !== undefined && accountId !== "",
  };
}
