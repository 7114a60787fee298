import { isAgentIdentityError, parseAgentIdentityRecord } from "@codex-ts/agent-identity";
import { isAuthMode } from "@codex-ts/protocol";
import { LoginError } from "../login-error.js";
import { isIdToken } from "../tokens/id-token.js";
import { asObject } from "../tokens/jwt.js";
import type { AuthJson } from "./auth-json.js";

/**
 * Reads a stored login. The value returned is the parsed text itself, unknown members included.
 *
 * @param location - Names the place in messages.
 * @throws {@link LoginError} of kind `invalid_login` that names the member at fault, never its value.
 */
export function parseAuthJson(text: string, location: string): AuthJson {
  const reader = new AuthJsonReader(location);
  const auth = reader.parse(text);
  reader.check(auth);
  return auth;
}

type Members = Record<string, unknown>;

class AuthJsonReader {
  readonly #location: string;

  constructor(location: string) {
    this.#location = location;
  }

  parse(text: string): Members {
    const value = parseJson(text);
    if (value === undefined) throw this.#invalid("is not complete JSON");
    const auth = asObject(value);
    if (auth === undefined) throw this.#invalid("is not a JSON object");
    return auth;
  }

  check(auth: Members): void {
    this.#checkMode(auth);
    this.#optionalString(auth, "OPENAI_API_KEY");
    this.#optionalString(auth, "personal_access_token");
    this.#checkTokens(auth);
    this.#checkLastRefresh(auth);
    this.#checkAgentIdentity(auth);
    const bedrock = this.#optionalObject(auth, "bedrock_api_key");
    if (bedrock !== undefined) this.#strings(bedrock, "bedrock_api_key", ["api_key", "region"]);
  }

  #checkMode(auth: Members): void {
    const mode = auth["auth_mode"] ?? undefined;
    if (mode !== undefined && !isAuthMode(mode)) {
      throw this.#invalid('has an "auth_mode" that this version does not know');
    }
  }

  #checkTokens(auth: Members): void {
    const tokens = this.#optionalObject(auth, "tokens");
    if (tokens === undefined) return;
    this.#strings(tokens, "tokens", ["id_token", "access_token", "refresh_token"]);
    this.#optionalString(tokens, "account_id", "tokens.account_id");
    if (!isIdToken(tokens["id_token"] as string)) {
      throw this.#invalid('has a "tokens.id_token" that is not an id token');
    }
  }

  #checkLastRefresh(auth: Members): void {
    this.#optionalString(auth, "last_refresh");
    const lastRefresh = auth["last_refresh"] ?? undefined;
    if (lastRefresh !== undefined && parseTimestamp(lastRefresh as string) === undefined) {
      throw this.#invalid('has a "last_refresh" that is not a date and time');
    }
  }

  #checkAgentIdentity(auth: Members): void {
    const identity = auth["agent_identity"] ?? undefined;
    if (identity === undefined || typeof identity === "string") return;
    try {
      parseAgentIdentityRecord(identity);
    } catch (error) {
      throw this.#invalid(isAgentIdentityError(error) ? error.message : "has a broken agent identity");
    }
  }

  #optionalObject(members: Members, name: string): Members | undefined {
    const value = members[name] ?? undefined;
    const object = asObject(value);
    if (value !== undefined && object === undefined)
      throw this.#invalid(`has a "${name}" that is not an object`);
    return object;
  }

  #optionalString(members: Members, name: string, path: string = name): void {
    const value = members[name] ?? undefined;
    if (value !== undefined && typeof value !== "string") {
      throw this.#invalid(`has a "${path}" that is not a string`);
    }
  }

  #strings(members: Members, path: string, names: readonly string[]): void {
    for (const name of names) {
      if (typeof members[name] !== "string") throw this.#invalid(`has no string "${path}.${name}"`);
    }
  }

  #invalid(fault: string): LoginError {
    return new LoginError(
      `the login in ${this.#location} cannot be used: it ${fault}; restore it, or remove it and sign in again`,
      { kind: "invalid_login" },
    );
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's message quotes the text, and so the tokens: it must not become a cause.
    return undefined;
  }
}

// RFC 3339; Rust writes nine digits of fraction, of which a Date keeps three.
const timestamp = /^(\d{4}-\d{2}-\d{2})[Tt ](\d{2}:\d{2}:\d{2})(\.\d+)?([Zz]|[+-]\d{2}:\d{2})$/;

/** Reads an RFC 3339 timestamp as epoch milliseconds. */
export function parseTimestamp(text: string): number | undefined {
  const [, date, time, fraction = "", zone] = timestamp.exec(text) ?? [];
  if (date === undefined) return undefined;
  const epochMs = Date.parse(`${date}T${time}${fraction.slice(0, 4)}${zone?.toUpperCase()}`);
  return Number.isNaN(epochMs) ? undefined : epochMs;
}
