import { codexPath } from "../codex/codex-path.js";
import { demandChatgpt } from "./chatgpt-credential.js";
import type { Route } from "./route.js";

/**
 * Makes an endpoint of the Codex backend, in both styles of path. It wants a credential, and none that is an API key.
 *
 * @param suffix - The path after the prefix, as an expression; what its groups match are the params, decoded.
 */
export function codexRoute(method: "GET" | "POST", suffix: string, handle: Route["handle"]): Route {
  return {
    method,
    pattern: codexPath(suffix),
    auth: "required",
    handle(exchange) {
      demandChatgpt(exchange.request, "The Codex backend is");
      return handle({ ...exchange, params: exchange.params.map(decodeSegment) });
    },
  };
}

/** Decodes a segment of a path; one that is not encoded right stays as it is. */
export function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
