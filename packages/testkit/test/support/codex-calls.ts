import type { Backend } from "../../src/index.js";

/** Calls of the Codex backend, with a ChatGPT access token. */
export interface CodexCalls {
  readonly get: (path: string) => Promise<Response>;
  readonly post: (path: string, body: object) => Promise<Response>;
}

export const credential = { authorization: "Bearer access-token-test" };

/** Makes calls below one of the two prefixes. */
export function codexCalls({ urls }: Backend, prefix = "/backend-api/wham"): CodexCalls {
  const base = `${urls.origin}${prefix}`;
  return {
    get: (path) => fetch(`${base}${path}`, { headers: credential }),
    post: (path, body) =>
      fetch(`${base}${path}`, {
        method: "POST",
        headers: { ...credential, "content-type": "application/json" },
        body: JSON.stringify(body),
      }),
  };
}
