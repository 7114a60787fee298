import {
  type AuthProvider,
  type AuthRejection,
  applyAuth,
  type OutboundRequest,
} from "@codex-ts/auth-provider";
import { type RequestTelemetry, redactHeaders } from "@codex-ts/client";

/** Prints one line of the log. */
export type PrintLine = (line: string) => void;

/** Wraps a provider so that each request is printed as it goes out, with its credential left out. */
export function logRequests(auth: AuthProvider, print: PrintLine): AuthProvider {
  const recover = auth.recover?.bind(auth);
  return {
    addAuthHeaders: (headers) => auth.addAuthHeaders(headers),
    async applyAuth(request) {
      const signed = await applyAuth(auth, request);
      printRequest(signed, print);
      return signed;
    },
    ...(recover === undefined ? {} : { recover: (rejection: AuthRejection) => recover(rejection) }),
  };
}

/** Hooks that print how each attempt ended. */
export function logAnswers(print: PrintLine): RequestTelemetry {
  return {
    onRequest({ method, url, status, error, durationMs }) {
      const outcome = status ?? error?.message ?? "no answer";
      print(`◄ ${method} ${url}: ${outcome} after ${Math.round(durationMs)} ms`);
    },
  };
}

function printRequest({ method, url, headers, body }: OutboundRequest, print: PrintLine): void {
  print(`► ${method} ${url}`);
  for (const [name, value] of Object.entries(redactHeaders(headers))) print(`►   ${name}: ${value}`);
  if (body === undefined) return;
  print(`►   ${typeof body === "string" ? body : new TextDecoder().decode(body)}`);
}
