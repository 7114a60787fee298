import { readFileSync } from "node:fs";
import type { ConfigBundle } from "@codex-ts/protocol";
import type { CacheStatus } from "../../src/index.js";

/** A file, a moment and a login, and what comes of looking into the cache. */
export interface CacheVector {
  readonly name: string;
  readonly now: string;
  readonly request_identity: { readonly chatgpt_user_id: string | null; readonly account_id: string | null };
  readonly file: object | null;
  readonly expected: {
    readonly status: "hit" | CacheStatus;
    readonly bundle?: ConfigBundle | null;
    readonly version?: number;
  };
}

interface Vectors {
  readonly file_name: string;
  readonly hmac_key_utf8: string;
  readonly ttl_seconds: number;
  readonly status_messages: Readonly<Record<string, string>>;
  readonly load: readonly CacheVector[];
  readonly signatures: readonly {
    readonly payload: object;
    readonly canonical_json: string;
    readonly signature: string;
  }[];
  readonly eligibility: readonly {
    readonly auth_mode: string;
    readonly plan: string | null;
    readonly eligible: boolean;
  }[];
  readonly april_2026: {
    readonly file_name: string;
    readonly hmac_key_utf8: string;
    readonly ttl_seconds: number;
    readonly load: readonly CacheVector[];
  };
}

export const vectors: Vectors = JSON.parse(
  readFileSync(new URL("../vectors/cloud-requirements-cache.json", import.meta.url), "utf8"),
);
