import { AuthError, type AuthProvider, type OutboundRequest } from "@codex-ts/auth-provider";
import { type AwsCredentialSource, type AwsCredentials, readCredentials } from "./credentials.js";
import { Sha256 } from "./sha256.js";

/** Settings of {@link awsSigV4Auth}. */
export interface AwsSigV4Options {
  /** Such as `us-east-1`. It must be that of the address. */
  readonly region: string;
  /** The name to sign for: `bedrock-mantle` for OpenAI's models on Amazon Bedrock. */
  readonly service: string;
  /** Fixed ones, or a function that gives them. */
  readonly credentials: AwsCredentials | AwsCredentialSource;
  /** Epoch milliseconds. @defaultValue Date.now */
  readonly clock?: (() => number) | undefined;
}

/**
 * Signs whole requests with AWS Signature Version 4: method, address, headers and body of each attempt as they are sent.
 *
 * Headers whose name holds `_` are removed, because the service drops them before it checks the signature. What is
 * put on afterwards, and what proxies change, is not signed: `traceparent`, `user-agent` and the like. A request whose
 * signature cannot be made is not sent: the `AuthError` is of kind `transient` when the credentials could not be had
 * this time, else of kind `build`.
 *
 * @throws TypeError for an option that cannot be.
 */
export function awsSigV4Auth(options: AwsSigV4Options): AuthProvider {
  for (const name of ["region", "service"] as const)
    if (!/^[a-z0-9-]+$/i.test(options[name]))
      throw new TypeError(`"${name}" must be a name such as ${examples[name]}`);
  return new SigV4Auth(options);
}

const examples = { region: "us-east-1", service: "bedrock-mantle" } as const;

class SigV4Auth implements AuthProvider {
  readonly #region: string;
  readonly #service: string;
  readonly #source: AwsCredentialSource;
  readonly #clock: () => number;

  constructor({ region, service, credentials, clock = Date.now }: AwsSigV4Options) {
    this.#region = region;
    this.#service = service;
    this.#source = typeof credentials === "function" ? credentials : () => credentials;
    this.#clock = clock;
  }

  addAuthHeaders(): never {
    throw new AuthError("an AWS signature is of a whole request, so there are no headers alone", {
      kind: "build",
    });
  }

  async applyAuth(request: OutboundRequest): Promise<OutboundRequest> {
    const nowMs = this.#clock();
    const { accessKeyId, secretAccessKey, sessionToken } = await readCredentials(this.#source, nowMs);
    // Loaded when the first request is signed: it is not small.
    const { SignatureV4 } = await import("@smithy/signature-v4");
    const signer = new SignatureV4({
      region: this.#region,
      service: this.#service,
      credentials: { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) },
      sha256: Sha256,
      applyChecksum: false,
    });
    const url = new URL(request.url);
    const headers = signableHeaders(request.headers);
    const signed = await signer.sign(
      {
        method: request.method,
        protocol: url.protocol,
        hostname: url.hostname,
        path: url.pathname,
        query: parseQuery(url.search),
        headers: { ...Object.fromEntries(headers), host: url.host },
        body: request.body,
      },
      { signingDate: new Date(nowMs), unsignableHeaders: putOnLater },
    );
    for (const name of signatureHeaders) {
      const value = signed.headers[name];
      if (value !== undefined) headers.set(name, value);
    }
    return { ...request, headers };
  }
}

/** What a signature consists of. That of an earlier one is removed first. */
const signatureHeaders = ["authorization", "x-amz-date", "x-amz-security-token"] as const;
const stale: ReadonlySet<string> = new Set([...signatureHeaders, "date", "host", "x-amz-content-sha256"]);
/** A transport puts these on after the signature. */
const putOnLater: Set<string> = new Set(["traceparent", "tracestate"]);

function signableHeaders(headers: Headers): Headers {
  return new Headers([...headers].filter(([name]) => !name.includes("_") && !stale.has(name)));
}

/** Names and values as they are meant. A plus is a plus: it is a space in forms alone. */
function parseQuery(search: string): Record<string, string[]> {
  const query: Record<string, string[]> = Object.create(null);
  for (const pair of search.slice(1).split("&")) {
    if (pair === "") continue;
    const equals = pair.indexOf("=");
    const name = decodeURIComponent(equals < 0 ? pair : pair.slice(0, equals));
    const value = equals < 0 ? "" : decodeURIComponent(pair.slice(equals + 1));
    // The signer would lose it, and the service refuse the signature.
    if (name === "__proto__")
      throw new AuthError("an address with a parameter __proto__ cannot be signed", { kind: "build" });
    query[name] = [...(query[name] ?? []), value];
  }
  return query;
}
