import { createSign, generateKeyPairSync, type KeyObject } from "node:crypto";
import type { AgentRecord } from "./agent-record.js";

/** A key set as published (RFC 7517). */
export interface JsonWebKeySet {
  readonly keys: readonly object[];
}

/** Claims in place of the usual ones; a claim that is `undefined` is left out. */
export type AgentIdentityClaims = Readonly<Record<string, unknown>>;

/** Header members in place of `typ: "JWT"`, `alg: "RS256"` and the published key's `kid`. */
export type JwtHeader = Readonly<Record<string, unknown>>;

/** The backend's signing key. Made when first needed: it takes a tenth of a second. */
export class JwtIssuer {
  #keyPair: { readonly privateKey: KeyObject; readonly publicKey: KeyObject } | undefined;

  get jwks(): JsonWebKeySet {
    const jwk = this.#keys().publicKey.export({ format: "jwk" });
    return { keys: [{ ...jwk, kid: "testkit-1", use: "sig", alg: "RS256" }] };
  }

  /** Signs the identity of an agent; valid for an hour from `nowMs` on. */
  mint(agent: AgentRecord, claims: AgentIdentityClaims, header: JwtHeader, nowMs: number): string {
    const issuedAt = Math.floor(nowMs / 1000);
    const { task_id: _taskId, ...identity } = agent;
    const payload = {
      iss: "https://chatgpt.com/codex-backend/agent-identity",
      aud: "codex-app-server",
      iat: issuedAt,
      exp: issuedAt + 3600,
      ...identity,
      ...claims,
    };
    const fullHeader = { typ: "JWT", alg: "RS256", kid: "testkit-1", ...header };
    const signed = `${base64url(fullHeader)}.${base64url(payload)}`;
    return `${signed}.${this.#sign(signed, String(fullHeader.alg))}`;
  }

  #sign(text: string, algorithm: string): string {
    const hash = /^RS(256|384|512)$/.exec(algorithm)?.[1];
    if (hash === undefined) return "bm90LXNpZ25lZA";
    return createSign(`RSA-SHA${hash}`).update(text).sign(this.#keys().privateKey, "base64url");
  }

  #keys(): { readonly privateKey: KeyObject; readonly publicKey: KeyObject } {
    this.#keyPair ??= generateKeyPairSync("rsa", { modulusLength: 2048 });
    return this.#keyPair;
  }
}

function base64url(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}
