const secretParameters: ReadonlySet<string> = new Set([
  "access_token",
  "api_key",
  "client_secret",
  "code",
  "code_verifier",
  "id_token",
  "key",
  "refresh_token",
  "requested_token",
  "state",
  "subject_token",
  "token",
]);

/**
 * Makes a URL of a sign-in fit for a log: values of secret query parameters read `<redacted>`, and user name,
 * password and fragment are gone. What is no URL reads `<invalid-url>`.
 */
export function redactLoginUrl(url: string): string {
  if (!URL.canParse(url)) return "<invalid-url>";
  const parsed = new URL(url);
  parsed.username = "";
  parsed.password = "";
  parsed.hash = "";
  if (parsed.search === "") return parsed.href;
  const parameters = [...parsed.searchParams].map(([name, value]): [string, string] => [
    name,
    secretParameters.has(name.toLowerCase()) ? "<redacted>" : value,
  ]);
  parsed.search = new URLSearchParams(parameters).toString();
  return parsed.href;
}
