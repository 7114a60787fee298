import { toAuthError } from "./auth-error.js";

/** One HTTP request as it is about to be sent, or the handshake of a WebSocket. */
export interface OutboundRequest {
  readonly method: string;
  /** Absolute URL. A signer may add a query to it. */
  url: string;
  /** Platform headers; they refuse line breaks in values by themselves. */
  headers: Headers;
  /** The final bytes, after encoding and compression, so that a signer can hash them. */
  body?: Uint8Array | string;
}

/** What a provider is told about a 401. */
export interface AuthRejection {
  /** 0 for the first 401 of this request, then 1, and so on: first reload, then refresh. */
  readonly round: number;
  readonly status: number;
  readonly headers: Headers;
  /** The body of the answer as text, cut by the transport when it is long. */
  readonly body: string;
  /** Aborts when the caller gives up. A refresh that others wait for should go on. */
  readonly signal?: AbortSignal;
}

/**
 * A credential, seen from the outside: it can add its headers, and nothing else is known of it.
 *
 * One provider serves many requests at once and keeps no state for any of them.
 */
export interface AuthProvider {
  /**
   * Adds this credential's headers and replaces those of the same name. Synchronous, cheap and without
   * I/O. WebSocket handshakes and telemetry use it as well.
   *
   * @throws {@link AuthError} of kind `build` when the credential cannot be expressed as headers.
   */
  addAuthHeaders(headers: Headers): void;
  /**
   * Signs a complete request. What it returns is what is sent; if it rejects, nothing is sent.
   * Providers that only add headers leave it out.
   */
  applyAuth?(request: OutboundRequest): OutboundRequest | Promise<OutboundRequest>;
  /**
   * Asked after a 401, on HTTP and on a WebSocket upgrade. Resolves to true when the request is worth
   * sending once more with fresh headers. Left out, a 401 is final.
   */
  recover?(rejection: AuthRejection): Promise<boolean>;
}

/** Sends nothing. For endpoints that want no credential. */
export const unauthenticated: AuthProvider = Object.freeze({ addAuthHeaders() {} });

/**
 * Puts the credential on a request, as a transport does before each attempt.
 *
 * @returns The request to send. It may be another object than the one passed in.
 * @throws {@link AuthError} when the credential cannot be applied; then nothing may be sent. Whatever
 * else the provider throws arrives as kind `build` with the original as `cause`.
 */
export async function applyAuth(provider: AuthProvider, request: OutboundRequest): Promise<OutboundRequest> {
  try {
    if (provider.applyAuth !== undefined) return await provider.applyAuth(request);
    provider.addAuthHeaders(request.headers);
    return request;
  } catch (error) {
    throw toAuthError(error);
  }
}

/**
 * Returns the credential's headers alone.
 *
 * @throws {@link AuthError} as {@link AuthProvider.addAuthHeaders} does.
 */
export function toAuthHeaders(provider: AuthProvider): Headers {
  const headers = new Headers();
  try {
    provider.addAuthHeaders(headers);
  } catch (error) {
    throw toAuthError(error);
  }
  return headers;
}

/**
 * Tells whether the provider attaches an `Authorization` header, and never what is in it.
 * A provider that fails attaches none.
 */
export function authHeaderTelemetry(provider: AuthProvider): { attached: boolean; name?: "authorization" } {
  try {
    if (toAuthHeaders(provider).has("authorization")) return { attached: true, name: "authorization" };
  } catch {
    // Telemetry reports what would be attached; the request itself raises the error.
  }
  return { attached: false };
}
