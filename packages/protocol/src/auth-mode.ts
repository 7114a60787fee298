/** How a caller is logged in. */
export type AuthMode =
  | "apikey"
  | "chatgpt"
  | "chatgptAuthTokens"
  | "agentIdentity"
  | "personalAccessToken"
  | "bedrockApiKey";

/** Every {@link AuthMode}, in the spelling of the wire. */
export const authModes: readonly AuthMode[] = [
  "apikey",
  "chatgpt",
  "chatgptAuthTokens",
  "agentIdentity",
  "personalAccessToken",
  "bedrockApiKey",
];

/** Tells whether the value is the exact wire name of an {@link AuthMode}. */
export function isAuthMode(value: unknown): value is AuthMode {
  return (authModes as readonly unknown[]).includes(value);
}
