import type { HeaderFields } from "./header-fields.js";

// Shorter values, such as `true`, are no secrets and would mangle the text.
const shortestSecret = 8;

// Facts about an account, which are no secrets and help to understand an error.
const publicFacts: ReadonlySet<string> = new Set([
  "chatgpt-account-id",
  "openai-organization",
  "openai-project",
  "x-openai-fedramp",
]);

const credentialLike =
  /(^|[-_])(api-?key|assertion|auth|authorization|cookie2?|credential|key|password|secret|sig|signature|token)([-_]|$)/i;

/** Tells whether a header or query parameter of this name may hold a credential. */
export function isCredentialName(name: string): boolean {
  return credentialLike.test(name);
}

/** Lists what must not be shown of a request: its credential, and headers and query values that look like one. */
export function secretsOf(url: URL, headers: HeaderFields, credential: HeaderFields): ReadonlySet<string> {
  const secrets = new Set<string>();
  for (const [name, value] of headers) {
    if (!publicFacts.has(name) && (credential.has(name) || isCredentialName(name)))
      addHeaderSecrets(secrets, value);
  }
  for (const [name, value] of url.searchParams) if (isCredentialName(name)) addSecret(secrets, value);
  return secrets;
}

/** Adds the value and, as a server may echo them alone, the token behind a scheme and the values of parameters. */
function addHeaderSecrets(secrets: Set<string>, value: string): void {
  addSecret(secrets, value);
  for (const [index, word] of value.split(/[ ;,]+/).entries()) {
    const equals = word.indexOf("=");
    // The first word is the scheme, unless it is a parameter. A token may hold `=` itself, so it counts whole as well.
    if (index > 0 || equals >= 0) addSecret(secrets, word);
    if (equals >= 0) addSecret(secrets, word.slice(equals + 1));
  }
}

function addSecret(secrets: Set<string>, value: string): void {
  if (value.length >= shortestSecret) secrets.add(value);
}
