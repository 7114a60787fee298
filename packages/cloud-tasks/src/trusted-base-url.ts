import { isAllowedChatgptHost } from "@codex-ts/client";

/**
 * Refuses a base URL on this machine that nobody has allowed, as the Codex CLI does: whatever listens there would be
 * handed the login. Everything else is checked by the client of the backend.
 *
 * @param allowedOrigins - Beside ChatGPT's own over HTTPS.
 * @throws TypeError
 */
export function demandTrustedOrigin(baseUrl: string, allowedOrigins: readonly string[]): void {
  const { origin, port, hostname } = new URL(baseUrl);
  if (port === "" && isAllowedChatgptHost(hostname)) return;
  if (allowedOrigins.includes(origin)) return;
  throw new TypeError(
    `"baseUrl" must use a trusted HTTPS origin on port 443; put ${origin} into allowedOrigins to trust it`,
  );
}
