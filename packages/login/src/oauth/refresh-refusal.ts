import { statusText } from "@codex-ts/client";
import { LoginError, type LoginErrorKind } from "../login-error.js";
import { oauthErrorCode } from "./token-endpoint.js";

type PermanentKind = Extract<LoginErrorKind, `refresh_${string}`>;

const refusals: ReadonlyMap<string, readonly [kind: PermanentKind, why: string]> = new Map([
  ["refresh_token_expired", ["refresh_expired", " because your refresh token has expired"]],
  ["refresh_token_reused", ["refresh_reused", " because your refresh token was already used"]],
  ["refresh_token_invalidated", ["refresh_revoked", " because your refresh token was revoked"]],
]);

/** Turns the refusal of a refresh into an error, by the code in its body, else by its status. */
export function refusedRefresh(status: number, text: string): LoginError {
  const code = oauthErrorCode(text);
  const known = refusals.get(code?.toLowerCase() ?? "");
  if (known !== undefined) return permanent(known[0], known[1], status);
  if (status === 401) return permanent("refresh_rejected", "", status);
  const detail = code === undefined ? "" : `: ${code}`;
  return new LoginError(`Failed to refresh token: ${statusText(status)}${detail}; try again later`, {
    kind: "refresh_unavailable",
    retryable: true,
    status,
  });
}

function permanent(kind: PermanentKind, why: string, status: number): LoginError {
  const hint =
    kind === "refresh_reused"
      ? " Another program that shares this login has used it: give each program a login of its own."
      : "";
  return new LoginError(
    `Your access token could not be refreshed${why}. Please log out and sign in again.${hint}`,
    { kind, status },
  );
}
