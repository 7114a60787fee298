import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** Certificate and key of a server, as PEM. */
export interface ServerIdentity {
  readonly cert: string;
  readonly key: string;
}

/** Where a file of `test/fixtures/tls` is. */
export function tlsFixture(name: string): string {
  return fileURLToPath(new URL(`../fixtures/tls/${name}`, import.meta.url));
}

/**
 * A server of the company or of the proxy that intercepts its traffic, for `localhost`, `127.0.0.1`, `secure.test` and
 * `chatgpt.com`. Each has a certificate authority of its own that nobody trusts.
 */
export function serverIdentity(owner: "company" | "interceptor"): ServerIdentity {
  return {
    cert: readFileSync(tlsFixture(`${owner}-server.pem`), "utf8"),
    key: readFileSync(tlsFixture(`${owner}-server-key.pem`), "utf8"),
  };
}
