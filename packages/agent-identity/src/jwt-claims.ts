import { type AuthPlanType, parsePlanClaim } from "@codex-ts/protocol";
import { redactEverywhere } from "./private-key-redaction.js";

/** Issuer of every Agent Identity token. */
export const jwtIssuer = "https://chatgpt.com/codex-backend/agent-identity";
/** Audience of every Agent Identity token. */
export const jwtAudience = "codex-app-server";

/** What an Agent Identity token says. Wire names. */
export interface AgentIdentityClaims {
  readonly iss: string;
  readonly aud: string;
  /** Seconds since 1970. */
  readonly iat: number;
  /** Seconds since 1970. */
  readonly exp: number;
  readonly agent_runtime_id: string;
  /** Base64 of PKCS#8. A secret: `[redacted]` when the claims are printed or serialized. */
  readonly agent_private_key: string;
  readonly account_id: string;
  readonly chatgpt_user_id: string;
  readonly email: string | null;
  /** `hc` and `education` arrive as `enterprise` and `edu`; a name that is not known is kept. */
  readonly plan_type: AuthPlanType;
  readonly chatgpt_account_is_fedramp: boolean;
}

/** Checks the claims of a token: all mandatory but `email`, others ignored. Returns nothing when they are not right. */
export function parseClaims(payload: Record<string, unknown> | undefined): AgentIdentityClaims | undefined {
  if (payload === undefined || !hasMandatoryClaims(payload)) return undefined;
  const { email = null } = payload;
  if (email !== null && typeof email !== "string") return undefined;
  return redactEverywhere({
    iss: payload.iss,
    aud: payload.aud,
    iat: payload.iat,
    exp: payload.exp,
    agent_runtime_id: payload.agent_runtime_id,
    agent_private_key: payload.agent_private_key,
    account_id: payload.account_id,
    chatgpt_user_id: payload.chatgpt_user_id,
    email,
    plan_type: parsePlanClaim(payload.plan_type),
    chatgpt_account_is_fedramp: payload.chatgpt_account_is_fedramp,
  });
}

type MandatoryClaims = Omit<AgentIdentityClaims, "email"> & { readonly email?: unknown };

const stringClaims = [
  "iss",
  "aud",
  "agent_runtime_id",
  "agent_private_key",
  "account_id",
  "chatgpt_user_id",
  "plan_type",
];

function hasMandatoryClaims(payload: object): payload is MandatoryClaims {
  const claims: Record<string, unknown> = { ...payload };
  return (
    stringClaims.every((name) => typeof claims[name] === "string") &&
    isUnsignedInteger(claims["iat"]) &&
    isUnsignedInteger(claims["exp"]) &&
    typeof claims["chatgpt_account_is_fedramp"] === "boolean"
  );
}

function isUnsignedInteger(value: unknown): boolean {
  return Number.isInteger(value) && (value as number) >= 0;
}
