import { createHash } from "node:crypto";
import type { StoredTokens } from "../storage/auth-json.js";

/**
 * Identifies one generation of a login's tokens without holding them: equal tokens, equal generation. Whoever
 * wants to replace or delete tokens compares generations first, so that a loser never touches a winner's.
 */
export function tokenGeneration(tokens: StoredTokens | null | undefined): string {
  const { access_token, refresh_token, id_token, account_id } = tokens ?? {};
  const material = JSON.stringify([access_token, refresh_token, id_token, account_id ?? null]);
  return createHash("sha256").update(material).digest("base64url");
}
