import { isTransportError, statusText, type Transport, type TransportResponse } from "@codex-ts/client";
import { type AuthPlanType, parseRawPlan } from "@codex-ts/protocol";
import { LoginError } from "../login-error.js";
import { bearerProvider } from "../modes/bearer-provider.js";
import { parseJsonObject } from "./token-endpoint.js";

/** Whose a personal access token is. */
export interface PersonalAccessTokenMetadata {
  readonly email: string | undefined;
  readonly userId: string;
  readonly accountId: string;
  readonly planType: AuthPlanType;
  readonly isFedramp: boolean;
}

/** What the question needs. */
export interface WhoamiOptions {
  readonly transport: Transport;
  /** Without a slash at the end. */
  readonly authApiBaseUrl: string;
  readonly signal?: AbortSignal | undefined;
}

const timeoutMs = 30_000;

/**
 * Asks whose a personal access token is.
 *
 * @throws {@link LoginError} of kind `personal_access_token`; the transport's error of kind `aborted` when `signal`
 * fires.
 */
export async function fetchPersonalAccessTokenMetadata(
  token: string,
  { transport, authApiBaseUrl, signal }: WhoamiOptions,
): Promise<PersonalAccessTokenMetadata> {
  const url = `${authApiBaseUrl}/v1/user-auth-credential/whoami`;
  const auth = bearerProvider({ token });
  let answer: TransportResponse;
  try {
    answer = await transport.execute({ method: "GET", url, timeoutMs }, { auth, signal });
  } catch (error) {
    throw toLoginError(error);
  }
  const metadata = readMetadata(answer.text());
  if (metadata === undefined) throw failure("failed to decode personal access token metadata");
  return metadata;
}

function readMetadata(text: string): PersonalAccessTokenMetadata | undefined {
  const answer = parseJsonObject(text) ?? {};
  const email = answer["email"] ?? undefined;
  const {
    chatgpt_user_id: userId,
    chatgpt_account_id: accountId,
    chatgpt_plan_type: plan,
    chatgpt_account_is_fedramp: isFedramp,
  } = answer;
  if (email !== undefined && typeof email !== "string") return undefined;
  if (typeof userId !== "string" || typeof accountId !== "string" || typeof plan !== "string")
    return undefined;
  if (typeof isFedramp !== "boolean") return undefined;
  return { email, userId, accountId, planType: parseRawPlan(plan), isFedramp };
}

function toLoginError(error: unknown): unknown {
  if (!isTransportError(error) || error.kind === "aborted") return error;
  const { status } = error;
  if (status === undefined) {
    return failure("failed to request personal access token metadata; check the network and try again", {
      retryable: error.kind !== "build",
      cause: error,
    });
  }
  const isRetryable = status === 429 || status >= 500;
  const hint = isRetryable ? "try again later" : "check that the token is complete and not revoked";
  return failure(`personal access token metadata request failed with status ${statusText(status)}; ${hint}`, {
    retryable: isRetryable,
    status,
  });
}

function failure(
  message: string,
  facts: { retryable?: boolean; status?: number; cause?: Error } = {},
): LoginError {
  return new LoginError(message, { kind: "personal_access_token", ...facts });
}
