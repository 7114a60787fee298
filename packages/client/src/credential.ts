import {
  type AuthProvider,
  isAuthError,
  type OutboundRequest,
  unauthenticated,
} from "@codex-ts/auth-provider";
import { isTransportError, TransportError, type TransportErrorOptions } from "./errors.js";
import { type HeaderFields, replaceHeaderFields } from "./header-fields.js";
import { parseUrl } from "./redaction.js";
import { describeTarget, type RequestTarget } from "./request-target.js";

/** A request as it goes out, apart from trace headers. */
export interface SignableRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: HeaderFields;
  readonly body: Uint8Array | undefined;
}

/** A request with its credential, and what of it is the credential. */
export interface SignedRequest extends SignableRequest {
  /** Headers that the credential added or changed. */
  readonly credential: HeaderFields;
}

const noCredential: HeaderFields = new Map();

/**
 * Puts the credential on a request, whose headers it may change. Synchronous for providers that only add headers.
 *
 * @throws {@link TransportError} of kind `build` or, for what may work next time, `network`. Then nothing may be sent.
 */
export function applyCredential(
  provider: AuthProvider,
  request: SignableRequest,
): SignedRequest | Promise<SignedRequest> {
  if (provider === unauthenticated) return { ...request, credential: noCredential };
  if (provider.applyAuth !== undefined) return sign(provider, request);
  const credential: HeaderFields = new Map();
  try {
    const added = new Headers();
    provider.addAuthHeaders(added);
    replaceHeaderFields(credential, added);
    for (const [name, value] of credential) request.headers.set(name, value);
    return { ...request, credential };
  } catch (error) {
    throw toCredentialError(request, error);
  }
}

/** Turns what a provider throws while it recovers from a 401 into our error. */
export function toRecoveryError(target: RequestTarget, error: unknown): TransportError {
  const failed = `${describeTarget(target)} answered 401, and the credential could not be renewed`;
  return toOurError(error, failed, { code: "recovery_failed", status: 401 });
}

function toCredentialError(target: RequestTarget, error: unknown): TransportError {
  const failed = `${describeTarget(target)} was not sent, because the credential could not be put on it`;
  return toOurError(error, failed, { code: "auth" });
}

function toOurError(error: unknown, failed: string, facts: CredentialFacts): TransportError {
  if (isTransportError(error)) return error;
  if (isAuthError(error)) {
    const kind = error.kind === "transient" ? "network" : "build";
    const detail = error.message;
    return new TransportError(`${failed}: ${detail}`, { ...facts, kind, detail, cause: error });
  }
  // Anything else may quote the credential, as the errors of `Headers` do, so nothing but its name is shown.
  const name = error instanceof Error ? error.name : typeof error;
  return new TransportError(`${failed} (${name})`, { ...facts, kind: "build" });
}

type CredentialFacts = Pick<TransportErrorOptions, "code" | "status">;

async function sign(provider: AuthProvider, request: SignableRequest): Promise<SignedRequest> {
  const outbound: OutboundRequest = {
    method: request.method,
    url: request.url.href,
    headers: new Headers([...request.headers]),
    ...(request.body === undefined ? {} : { body: request.body }),
  };
  try {
    const signed = (await provider.applyAuth?.(outbound)) ?? outbound;
    const headers: HeaderFields = new Map();
    replaceHeaderFields(headers, signed.headers);
    const url = parseUrl(signed.url);
    if (url === undefined) throw new TypeError("the signed URL is invalid");
    return {
      method: signed.method,
      url,
      headers,
      body: toBytes(signed.body),
      credential: difference(headers, request.headers),
    };
  } catch (error) {
    throw toCredentialError(request, error);
  }
}

function toBytes(body: Uint8Array | string | undefined): Uint8Array | undefined {
  return typeof body === "string" ? Buffer.from(body) : body;
}

function difference(signed: HeaderFields, unsigned: HeaderFields): HeaderFields {
  return new Map([...signed].filter(([name, value]) => unsigned.get(name) !== value));
}
