import type { AuthVerdict } from "../auth-verdict.js";
import type { BackendUrls } from "../backend.js";
import type { ReceivedRequest, RequestOutcome } from "../received-request.js";
import { redactHeader } from "./redaction.js";

/** What is shown once the backend listens. */
export interface StartReport {
  readonly urls: BackendUrls;
  /** The file with the agent identity, if one was asked for. */
  readonly authFile: string | undefined;
  /** The accepted key if it is the default one, which is no secret. */
  readonly apiKey: string | undefined;
}

/** Tells where the backend is, and how clients are pointed at it. */
export function startText({ urls, authFile, apiKey = "<key>" }: StartReport): string {
  const identity = authFile === undefined ? "" : agentIdentityText(urls, authFile);
  return `Codex test backend at ${urls.origin}

  openai   ${urls.openai}
  codex    ${urls.codex}
  chatgpt  ${urls.chatgpt}
  authApi  ${urls.authApi}

Codex CLI with an API key:
  CODEX_API_KEY=${apiKey} codex exec -c 'openai_base_url="${urls.openai}"' hello
${identity}
@codex-ts/api:
  new ResponsesClient({ transport, auth, provider: { name: "testkit", baseUrl: "${urls.codex}" } })

Stop it with Ctrl-C.
`;
}

/** The same facts as one line of JSON. */
export function startJson({ urls, authFile }: StartReport): string {
  return `${JSON.stringify({ event: "listening", urls, authFile })}\n`;
}

/** One exchange, with its headers, credentials redacted. */
export function exchangeText(request: ReceivedRequest, outcome: RequestOutcome): string {
  const facts = exchangeFacts(request);
  const headers = Object.entries(facts.headers).map(([name, value]) => `    ${name}: ${value}\n`);
  const status = facts.status ?? "---";
  return `${facts.method} ${facts.path} ${status} ${facts.auth} ${facts.bodyBytes} B ${outcome}\n${headers.join("")}`;
}

/** The same facts as one line of JSON. */
export function exchangeJson(request: ReceivedRequest, outcome: RequestOutcome): string {
  return `${JSON.stringify({ event: "exchange", ...exchangeFacts(request), outcome })}\n`;
}

interface ExchangeFacts {
  readonly method: string;
  readonly path: string;
  readonly status: number | undefined;
  readonly auth: string;
  readonly bodyBytes: number;
  readonly socket: number;
  readonly requestId: string;
  readonly headers: Readonly<Record<string, string>>;
}

function exchangeFacts(request: ReceivedRequest): ExchangeFacts {
  return {
    method: request.method,
    path: request.path,
    status: request.status,
    auth: authText(request.auth),
    bodyBytes: request.rawBody.length,
    socket: request.localSocketId,
    requestId: request.requestId,
    headers: Object.fromEntries(request.rawHeaders.map(([name, value]) => [name, redactHeader(name, value)])),
  };
}

function authText(auth: AuthVerdict): string {
  switch (auth.kind) {
    case "agentAssertion":
      return `agentAssertion(${auth.agentRuntimeId})`;
    case "bearer":
      return auth.credential;
    case "invalid":
      return `invalid(${auth.code})`;
    case "none":
      return "none";
  }
}

function agentIdentityText(urls: BackendUrls, authFile: string): string {
  return `
Codex CLI with the agent identity of ${authFile} (as auth.json in CODEX_HOME):
  CODEX_AGENT_IDENTITY_AUTHAPI_BASE_URL=${urls.authApi} \\
  CODEX_AGENT_IDENTITY_JWKS_BASE_URL=${urls.chatgpt} \\
  codex exec -c 'chatgpt_base_url="${urls.chatgpt}"' -c 'openai_base_url="${urls.codex}"' hello
`;
}
