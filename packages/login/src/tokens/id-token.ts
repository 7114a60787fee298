import { type AuthPlanType, parsePlanClaim } from "@codex-ts/protocol";
import { asObject, decodeJwtPayload, invalidTokenFormat } from "./jwt.js";

/** What the claims of a ChatGPT token say about its user. */
export interface IdTokenClaims {
  readonly email: string | undefined;
  /** The plan as the token names it, aliases resolved. */
  readonly planType: AuthPlanType | undefined;
  readonly userId: string | undefined;
  readonly accountId: string | undefined;
  readonly isFedramp: boolean;
}

const authNamespace = "https://api.openai.com/auth";
const profileNamespace = "https://api.openai.com/profile";

/**
 * Reads the claims of an id token, or of a ChatGPT access token, which carries the same. Neither signature nor
 * expiry is looked at.
 *
 * @throws {@link LoginError} of kind `invalid_token` when it is no JWT or a claim has the wrong type.
 */
export function parseIdToken(jwt: string): IdTokenClaims {
  const claims = decodeJwtPayload(jwt);
  const profile = readObject(claims, profileNamespace);
  const auth = readObject(claims, authNamespace);
  const planType = readString(auth, "chatgpt_plan_type");
  return {
    email: readString(claims, "email") ?? readString(profile, "email"),
    planType: planType === undefined ? undefined : parsePlanClaim(planType),
    userId: readString(auth, "chatgpt_user_id") ?? readString(auth, "user_id"),
    accountId: readString(auth, "chatgpt_account_id"),
    isFedramp: readFlag(auth, "chatgpt_account_is_fedramp"),
  };
}

/** Tells whether {@link parseIdToken} can read it. */
export function isIdToken(jwt: string): boolean {
  try {
    parseIdToken(jwt);
    return true;
  } catch {
    return false;
  }
}

function readObject(claims: Record<string, unknown>, name: string): Record<string, unknown> {
  const value = claims[name] ?? {};
  const object = asObject(value);
  if (object === undefined) throw invalidTokenFormat();
  return object;
}

function readString(claims: Record<string, unknown>, name: string): string | undefined {
  const value = claims[name] ?? undefined;
  if (value !== undefined && typeof value !== "string") throw invalidTokenFormat();
  return value;
}

function readFlag(claims: Record<string, unknown>, name: string): boolean {
  const value = claims[name];
  if (value === undefined) return false;
  if (typeof value !== "boolean") throw invalidTokenFormat();
  return value;
}
