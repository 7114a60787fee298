import {
  isTransportError,
  type Transport,
  type TransportError,
  type TransportErrorCode,
} from "@codex-ts/client";
import { asObject } from "../tokens/jwt.js";

/** One request to an endpoint that deals in tokens. */
export interface TokenRequest {
  readonly transport: Transport;
  readonly url: string;
  /** Sent as JSON, in this order. */
  readonly json?: Readonly<Record<string, string>> | undefined;
  /** Sent as a form, in this order, percent-encoded as RFC 3986 has it. */
  readonly form?: Readonly<Record<string, string>> | undefined;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * What became of a request. `answered`: whatever the status. `undone`: the endpoint did not act on it. `lost`: it
 * may have done what was asked, and nobody knows.
 */
export type TokenExchange =
  | {
      readonly outcome: "answered";
      readonly status: number;
      /** Holds tokens, or what the server thinks of them: keep it out of errors and logs. */
      readonly text: string;
      /** A proxy or a captive portal answered in the place of the endpoint. */
      readonly isHtml: boolean;
    }
  | { readonly outcome: "undone"; readonly error: TransportError }
  | { readonly outcome: "lost"; readonly error: TransportError };

/**
 * Sends one request to a token endpoint, once. Never retried: a token that is good for one use is gone with the
 * first try.
 *
 * @throws The transport's error of kind `aborted` when `signal` fires.
 */
export async function exchangeTokens(request: TokenRequest): Promise<TokenExchange> {
  const { transport, url, json, form, timeoutMs, signal } = request;
  const body = form === undefined ? { json } : { raw: Buffer.from(encodeForm(form)) };
  const headers = {
    accept: "application/json",
    ...(form === undefined ? undefined : { "content-type": "application/x-www-form-urlencoded" }),
  };
  try {
    const answer = await transport.execute({ method: "POST", url, headers, body, timeoutMs }, { signal });
    return answered(answer.status, answer.text(), answer.headers);
  } catch (error) {
    if (!isTransportError(error) || error.kind === "aborted") throw error;
    if (error.kind === "http") return answered(error.status ?? 0, error.body ?? "", error.headers);
    return { outcome: isUndone(error) ? "undone" : "lost", error };
  }
}

/** Encodes a form as the token endpoints expect it: a space is `%20`, and only unreserved characters stay. */
export function encodeForm(form: Readonly<Record<string, string>>): string {
  return Object.entries(form)
    .map(([name, value]) => `${encodeRfc3986(name)}=${encodeRfc3986(value)}`)
    .join("&");
}

function encodeRfc3986(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/**
 * Reads the code of an OAuth error: `error.code`, `error` itself, or `code`.
 *
 * @returns Nothing when there is none, or when what stands there is not the name of an error: it goes into messages.
 */
export function oauthErrorCode(text: string): string | undefined {
  const body = parseJsonObject(text);
  const { error, code } = body ?? {};
  const found = asObject(error)?.["code"] ?? error ?? code;
  return typeof found === "string" && errorName.test(found) ? found : undefined;
}

// Shorter than any token.
const errorName = /^[A-Za-z][A-Za-z_-]{0,63}$/;

/** Parses a body that must be a JSON object. */
export function parseJsonObject(text: string): Record<string, unknown> | undefined {
  try {
    return asObject(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function answered(status: number, text: string, headers: Headers | undefined): TokenExchange {
  const isHtml = headers?.get("content-type")?.toLowerCase().startsWith("text/html") ?? false;
  return { outcome: "answered", status, text, isHtml: isHtml || /^\s*<(?:!doctype|html)\b/i.test(text) };
}

function isUndone({ kind, code }: TransportError): boolean {
  return kind === "build" || (code !== undefined && undoneCodes.has(code));
}

// Before anything was sent, or instead of an answer.
const undoneCodes: ReadonlySet<TransportErrorCode> = new Set<TransportErrorCode>([
  "auth",
  "connect_failed",
  "connect_timeout",
  "invalid_redirect",
  "invalid_url",
  "proxy",
  "proxy_407",
  "too_many_redirects",
]);
