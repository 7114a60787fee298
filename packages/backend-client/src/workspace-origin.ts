import { isAllowedChatgptHost } from "@codex-ts/client";
import { BackendError } from "./errors.js";

/**
 * Checks origins that a caller trusts.
 *
 * @throws TypeError for what is not exactly an origin.
 */
export function checkAllowedOrigins(origins: readonly string[]): ReadonlySet<string> {
  for (const origin of origins)
    if (!URL.canParse(origin) || new URL(origin).origin !== origin)
      throw new TypeError(
        `"allowedOrigins" must be origins such as https://example.com, got ${JSON.stringify(origin)}`,
      );
  return new Set(origins);
}

/**
 * Checks the origin that the server names for the model calls of an account: one of ChatGPT's hosts over HTTPS, or one that
 * the caller trusts.
 *
 * @returns The origin, without a slash at the end.
 * @throws {@link BackendError} of kind `routing`.
 */
export function checkedWorkspaceOrigin(named: string, allowed: ReadonlySet<string>): string {
  const url = URL.canParse(named) ? new URL(named) : undefined;
  if (url === undefined) throw refused("it is no URL");
  if (url.username !== "" || url.password !== "") throw refused("it holds a user name or password");
  if (url.href !== `${url.origin}/` || !bareOrigin.test(named)) throw refused("it is more than an origin");
  if (allowed.has(url.origin)) return url.origin;
  if (url.protocol !== "https:") throw refused("it does not use HTTPS");
  if (url.port !== "" || !isAllowedChatgptHost(url.hostname))
    throw refused(`${url.host} is none of ChatGPT's hosts; see allowedOrigins`);
  return url.origin;
}

function refused(reason: string): BackendError {
  return new BackendError(`the workspace's origin was refused: ${reason}`, { kind: "routing" });
}

// A URL parser is forgiving about the rest: white space, backslashes, an empty query.
const bareOrigin = /^[a-z]+:\/\/[^/?#\\\s]+\/?$/i;
